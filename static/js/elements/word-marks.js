// Keeps the marks in the texts in step with the list of open threads, and with the words that move.
import { marksOf, pointTo, showMarks } from "../editor/highlights.js";
import { anchorOf, placeOf } from "../editor/anchors.js";
import { EditorView } from "../../vendor/editor.js";
import { partOf } from "../net/fragments.js";

const SETTLES = 250;
const FLASHES = 1800;
const WORDINGS = 8;

/** Event on the board: `words-placed` when marks were looked for anew. */
export class WordMarks {
  #board;
  #timers = new Map();
  #found = new Map();
  #now = null;

  constructor(board) {
    this.#board = board;
    board.addEventListener("document-opened", ({ target }) => this.#place(target));
    board.addEventListener("document-edited", ({ target }) => this.#soon(target));
    document.addEventListener("fragments-refreshed", () => board.editors.forEach((editor) => this.#place(editor)));
  }

  /** Whether the words of a thread stand in a text, or undefined while that text is not open. */
  has(thread) {
    const editor = this.#editorOf(thread);
    return editor?.view ? marksOf(editor.view.state).some((mark) => mark.thread === thread) : undefined;
  }

  /** Show where a thread's words stand; `scroll` brings them into sight. */
  point(thread, scroll = false) {
    const editor = thread === null ? null : this.#editorOf(thread);
    if (this.#now && this.#now !== editor) this.#now.view?.dispatch({ effects: pointTo.of({ now: null }) });
    this.#now = editor;
    if (!editor?.view) return false;
    const mark = marksOf(editor.view.state).find((each) => each.thread === thread);
    editor.view.dispatch({ effects: pointTo.of({ now: thread, flash: scroll }) });
    if (!mark || !scroll) return Boolean(mark);
    this.#board.showPane(editor.closest("[data-card]"), editor.kind, true);
    editor.view.dispatch({ effects: EditorView.scrollIntoView(mark.from, { y: "center", yMargin: 120 }) });
    setTimeout(() => editor.view && this.#now === editor && editor.view.dispatch({ effects: pointTo.of({ now: thread }) }), FLASHES);
    return true;
  }

  /** Put the caret on a thread's words, for those who write there by keyboard. */
  enter(thread) {
    const view = this.#editorOf(thread)?.view;
    const mark = view && marksOf(view.state).find((each) => each.thread === thread);
    if (!mark) return;
    view.dispatch({ selection: { anchor: mark.from } });
    view.focus();
  }

  /** Where a thread's words are now: {editor, from, to}, or null. */
  placeOf(thread) {
    const editor = this.#editorOf(thread);
    const mark = editor?.view && marksOf(editor.view.state).find((each) => each.thread === thread);
    return mark ? { editor, from: mark.from, to: mark.to } : null;
  }

  #editorOf(thread) {
    const line = document.querySelector(`[data-fragment^="marks-"] [data-thread="${CSS.escape(thread)}"]`);
    const doc = line?.closest("[data-document]").dataset.document;
    return this.#board.editors.find((editor) => editor.dataset.doc === doc) ?? null;
  }

  /** Letters known here decide at the next rest; until then the marks move with the changes. */
  #soon(editor) {
    clearTimeout(this.#timers.get(editor));
    this.#timers.set(editor, setTimeout(() => this.#place(editor), SETTLES));
  }

  #place(editor) {
    const { view, live } = editor;
    if (!view || !live.isOpen) return;
    if (view.composing) return void this.#soon(editor);
    const lines = partOf(`marks-${editor.dataset.doc}`)?.querySelectorAll("[data-thread]") ?? [];
    const text = live.text;
    const marks = [...lines].map((line) => this.#mark(live, text, line)).filter((mark) => mark !== null);
    if (JSON.stringify(marks) !== JSON.stringify(marksOf(view.state))) view.dispatch({ effects: showMarks.of(marks) });
    this.#board.dispatchEvent(new CustomEvent("words-placed"));
  }

  #mark(live, text, { dataset }) {
    const { thread, kind } = dataset;
    const known = this.#known(live, dataset);
    const place = this.#find(live, text, known, dataset);
    if (!place || place.to > text.length) return null;
    const words = text.slice(place.from, place.to);
    if (known.wordings[0] !== words) known.wordings = [words, ...known.wordings.filter((each) => each !== words)].slice(0, WORDINGS);
    const isProposal = kind === "suggestion" && "mayAccept" in dataset;
    return { thread, kind, ...place, ...(isProposal ? { replacement: dataset.replacement } : {}) };
  }

  /** Where its letters are; where they changed, the longest wording seen before that stands there again. */
  #find(live, text, known, { before, after }) {
    const anchored = placeOf(live, { anchor: known.anchor, quote: "" });
    if (anchored && text.slice(anchored.from, anchored.to) === known.wordings[0]) return anchored;
    for (const quote of known.wordings.toSorted((one, other) => other.length - one.length)) {
      const place = placeOf(live, { anchor: known.anchor, quote, before, after });
      if (!place || text.slice(place.from, place.to) !== quote) continue;
      if (place.from !== anchored?.from || place.to !== anchored.to) known.anchor = anchorOf(live, place.from, place.to);
      return place;
    }
    return anchored;
  }

  /** What this page knows of a thread's words: its anchor, and the wordings it saw, the last one first. */
  #known(live, { thread, anchor, quote }) {
    let known = this.#found.get(thread);
    if (known?.source !== anchor || known.epoch !== live.epoch) {
      known = { source: anchor, epoch: live.epoch, anchor: anchor ? JSON.parse(anchor) : null, wordings: known?.wordings ?? [quote] };
      this.#found.set(thread, known);
    }
    return known;
  }
}
