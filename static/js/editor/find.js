// Marks what the find bar looks for in one editor.
import { Decoration, EditorView, StateEffect, StateField } from "../../vendor/editor.js";

/** {words, current}: `current` is the number of the hit to show as the present one, or -1. */
export const find = StateEffect.define();

const hit = Decoration.mark({ class: "found" });
const present = Decoration.mark({ class: "found found-now" });

/** Where the words stand in a text, in any case; positions count UTF-16 units. */
export function hits(text, words) {
  const found = [];
  const needle = words.toLowerCase();
  const hay = text.toLowerCase();
  if (!needle || hay.length !== text.length) return found;
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
    found.push({ from: at, to: at + needle.length });
  }
  return found;
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
