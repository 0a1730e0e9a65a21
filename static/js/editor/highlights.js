// Words that threads are about, marked in the text; a suggestion shows its new words beside the old ones.
import { Decoration, EditorView, StateEffect, StateField, WidgetType } from "../../vendor/editor.js";
import { icon } from "../elements/icon.js";
import { words } from "../elements/words.js";

/** [{thread, kind, from, to, replacement}]: all marks of this text anew; `replacement` only for who may answer. */
export const showMarks = StateEffect.define();

/** The thread that is being read, or null; `flash` points to its words for a moment. */
export const pointTo = StateEffect.define();

class Proposal extends WidgetType {
  constructor({ thread, replacement }) {
    super();
    this.thread = thread;
    this.replacement = replacement;
  }
  eq(other) {
    return other.thread === this.thread && other.replacement === this.replacement;
  }
  toDOM() {
    const place = document.createElement("span");
    place.className = "proposal";
    place.contentEditable = "false";
    const inserted = document.createElement("ins");
    inserted.textContent = this.replacement || words("nothingInstead");
    place.append(icon("pencil"), hidden(words("suggested")), inserted, this.#button("accept", "check"), this.#button("decline", "x"));
    return place;
  }
  #button(answer, symbol) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.answer = answer;
    button.dataset.thread = this.thread;
    button.append(icon(symbol), words(answer));
    return button;
  }
  ignoreEvent() {
    return true;
  }
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}

const field = StateField.define({
  create: () => ({ marks: [], now: null, flash: false }),
  update(value, transaction) {
    let { marks, now, flash } = value;
    if (transaction.docChanged && marks.length) marks = moved(marks, transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(showMarks)) marks = effect.value;
      else if (effect.is(pointTo)) ({ now, flash = false } = effect.value);
    }
    return marks === value.marks && now === value.now && flash === value.flash ? value : { marks, now, flash };
  },
  provide: (self) => EditorView.decorations.from(self, draw),
});

/** What is typed at the edges stays outside, as with the anchors themselves. */
function moved(marks, changes) {
  return marks
    .map((mark) => ({ ...mark, from: changes.mapPos(mark.from, 1), to: changes.mapPos(mark.to, -1) }))
    .filter(({ from, to }) => from < to);
}

function draw({ marks, now, flash }) {
  const found = [];
  for (const mark of marks) {
    const { thread, kind, from, to, replacement } = mark;
    const isNow = thread === now;
    const look = `talk talk-${kind}${replacement === undefined ? "" : " talk-old"}${isNow ? " talk-now" : ""}${isNow && flash ? " talk-flash" : ""}`;
    found.push(Decoration.mark({ class: look, attributes: { "data-thread": thread } }).range(from, to));
    if (replacement !== undefined) found.push(Decoration.widget({ widget: new Proposal(mark), side: 1 }).range(to));
  }
  return Decoration.set(found, true);
}

/** The marks as they stand now. */
export function marksOf(state) {
  return state.field(field).marks;
}

/** The threads on the words at a place, the shortest words first. */
export function threadsAt(state, at) {
  return marksOf(state)
    .filter(({ from, to }) => from <= at && at <= to)
    .sort((one, other) => one.to - one.from - (other.to - other.from))
    .map(({ thread }) => thread);
}

export const highlights = field;
