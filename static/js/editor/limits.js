// What may enter the shared text: at most 100 kB, and no character that cannot be kept.
import { EditorState, EditorView, ySyncAnnotation } from "../../vendor/editor.js";

export const MAX_BYTES = 100_000;

/** Refuses one's own growth beyond the limit and says so by `tooLong`; what others wrote always enters. */
export function limits(tooLong) {
  return [
    EditorState.transactionFilter.of((transaction) => {
      if (!transaction.docChanged || transaction.annotation(ySyncAnnotation) !== undefined) return transaction;
      const before = transaction.startState.doc.length;
      const after = transaction.newDoc.length;
      // UTF-16 units are at most three bytes each: near the limit alone is it worth counting.
      if (after <= before || after * 3 < MAX_BYTES) return transaction;
      if (new TextEncoder().encode(transaction.newDoc.toString()).length <= MAX_BYTES) return transaction;
      queueMicrotask(tooLong);
      return [];
    }),
    EditorView.clipboardInputFilter.of((text) => text.replaceAll("\0", "").replace(/\r\n?/g, "\n")),
  ];
}
