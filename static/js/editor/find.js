// Marks what the find bar looks for in one editor.
import { Decoration, EditorView, StateEffect, StateField } from "../../vendor/editor.js";

/** {words, current}: `current` is the number of the hit to show as the present one, or -1. */
export const find = StateEffect.define();

const hit = Decoration.mark({ class: "found" });
const present = Decoration.mark({ class: "found found-now" });

/** Where the words stand in a text, in any case; positions count UTF-16 units. */
export function hits(text, words) {
  if (!words) return [];
  const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
  return [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

export const finding = StateField.define({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let next = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(find)) continue;
      const { words, current } = effect.value;
      const ranges = hits(transaction.newDoc.toString(), words).map(({ from, to }, index) => (index === current ? present : hit).range(from, to));
      next = Decoration.set(ranges);
    }
    return next;
  },
  provide: (self) => EditorView.decorations.from(self),
});
