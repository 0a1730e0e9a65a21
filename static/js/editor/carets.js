// Where the others are: a caret with a name in the colour of their discipline, and what they have selected.
import { Decoration, EditorView, StateEffect, StateField, WidgetType } from "../../vendor/editor.js";

/** {by, name, tone, anchor, head}: positions in the text, or null to take the caret away. */
export const moveCaret = StateEffect.define({
  map: (caret, changes) =>
    caret.head === null ? caret : { ...caret, anchor: changes.mapPos(caret.anchor), head: changes.mapPos(caret.head) },
});

let moves = 0;

/** Each move makes a new one, so that its name shows again for a while. */
class Caret extends WidgetType {
  constructor(name, tone, move) {
    super();
    this.name = name;
    this.tone = tone;
    this.move = move;
  }
  eq(other) {
    return other.move === this.move;
  }
  toDOM() {
    const caret = document.createElement("span");
    caret.className = `caret ${this.tone}`;
    caret.setAttribute("aria-hidden", "true");
    const label = document.createElement("span");
    label.className = "caret-name";
    label.textContent = this.name;
    caret.append("\u2060", label, "\u2060");
    return caret;
  }
  get estimatedHeight() {
    return -1;
  }
  ignoreEvent() {
    return true;
  }
}

const field = StateField.define({
  create: () => new Map(),
  update(carets, transaction) {
    let next = carets;
    if (transaction.docChanged && carets.size) {
      next = new Map();
      for (const [by, caret] of carets) {
        next.set(by, { ...caret, anchor: transaction.changes.mapPos(caret.anchor, 1), head: transaction.changes.mapPos(caret.head, 1) });
      }
    }
    for (const effect of transaction.effects) {
      if (!effect.is(moveCaret)) continue;
      if (next === carets) next = new Map(carets);
      if (effect.value.head === null) next.delete(effect.value.by);
      else next.set(effect.value.by, { ...effect.value, move: (moves += 1) });
    }
    return next;
  },
  provide: (self) => EditorView.decorations.from(self, draw),
});

function draw(carets) {
  const found = [];
  for (const { anchor, head, name, tone, move } of carets.values()) {
    const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
    if (from < to) found.push(Decoration.mark({ class: `others-selection ${tone}` }).range(from, to));
    found.push(Decoration.widget({ widget: new Caret(name, tone, move), side: 1 }).range(head));
  }
  return Decoration.set(found, true);
}

/** Where somebody's caret stands in this editor, or null. */
export function caretOf(state, by) {
  return state.field(field).get(by)?.head ?? null;
}

export const carets = field;
