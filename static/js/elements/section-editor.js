// <section-editor>: text that reads well without scripts, upgraded in place to an editor over its live document.
import { EditorView, Y } from "../../vendor/editor.js";
import { caretOf, moveCaret } from "../editor/carets.js";
import { createEditor } from "../editor/editor.js";
import { find, hits } from "../editor/find.js";
import { LiveDocument } from "../net/live-document.js";

/**
 * Events (all bubble): `document-status`, `document-damaged` (whether), `document-draft` {text, reason},
 * `document-withdrawn` {text}, `document-full`, `wants-link` {view}, `wants-comment`, `wants-task`, `document-active` when the caret moves or the
 * focus comes, `document-opened` when its editor is there, `document-edited` whoever wrote.
 */
export class SectionEditor extends HTMLElement {
  #people = new Map();
  #carets = new Map();
  #hiddenCarets = new Set();
  #editor = null;
  #focus = null;

  /** Join the live document over a connection; the editor takes the place of the text once it is open. */
  connect(connection) {
    this.live = new LiveDocument(connection, this.dataset.doc);
    const on = (name, handler) => this.live.addEventListener(name, ({ detail }) => handler(detail));
    on("opened", () => this.#opened());
    on("lost", () => this.#keepCarets(() => false));
    on("replaced", () => this.#unmount());
    on("status", () => this.#tell("document-status"));
    on("draft", (detail) => this.#tell("document-draft", detail));
    on("damaged", (detail) => this.#tell("document-damaged", detail));
    on("withdrawn", (detail) => this.#tell("document-withdrawn", detail));
    on("access", () => this.#allow());
    on("caret", (detail) => this.#moveCaret(detail));
    on("changed", () => this.#showCarets(this.#hiddenCarets));
  }

  get kind() {
    return this.dataset.kind;
  }

  get view() {
    return this.#editor?.view ?? null;
  }

  get undo() {
    return this.#editor?.undo ?? null;
  }

  get text() {
    return this.live?.text ?? this.textContent;
  }

  /** Everyone on the board, by connection; the carets of those who left go. */
  set people(people) {
    this.#people = people;
    if (this.live) this.live.alone = people.size < 2;
    this.#keepCarets((by) => people.has(by));
    this.#showCarets(this.#hiddenCarets);
  }

  /** Make the text read-only for good, as when the session ended. */
  freeze() {
    if (this.live) this.live.canEdit = false;
    this.#allow();
  }

  hasCaretOf(by) {
    return this.view !== null && caretOf(this.view.state, by) !== null;
  }

  /** Scroll to somebody's caret. */
  showCaretOf(by) {
    if (this.hasCaretOf(by)) this.#scrollTo(caretOf(this.view.state, by));
  }

  /** Mark the hits of some words; `current` is the number of the one to show, or -1. Answers how many there are. */
  find(words, current = -1) {
    if (!this.view) return 0;
    this.view.dispatch({ effects: find.of({ words, current }) });
    const found = hits(this.view.state.doc.toString(), words);
    if (found[current]) this.#scrollTo(found[current].from);
    return found.length;
  }

  #scrollTo(at) {
    this.view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center", yMargin: 120 }) });
  }

  #opened() {
    if (this.#editor) {
      this.#allow();
      return;
    }
    const place = document.createElement("div");
    place.className = "editor-place";
    const { label, hint } = this.dataset;
    this.#editor = createEditor({
      live: this.live,
      parent: place,
      label,
      hint: this.live.canEdit ? hint : this.dataset.empty,
      on: {
        tooLong: () => this.#tell("document-full"),
        wantsLink: (view) => this.#tell("wants-link", { view }),
        wantsComment: () => this.#tell("wants-comment") ?? true,
        wantsTask: () => this.#tell("wants-task") ?? true,
        moved: (view, update) => this.#moved(view, update),
      },
    });
    this.replaceChildren(place);
    this.#allow();
    this.#showCarets(this.#carets.keys());
    this.#tell("document-opened");
    if (this.#focus) {
      const end = this.view.state.doc.length;
      this.view.dispatch({ selection: { anchor: Math.min(this.#focus.head, end) } });
      this.view.focus();
      this.#focus = null;
    }
  }

  /** The text was replaced: its editor goes, and who was writing goes on in the next one. */
  #unmount() {
    if (this.view?.hasFocus) this.#focus = { head: this.view.state.selection.main.head };
    this.#editor?.destroy();
    this.#editor = null;
  }

  #allow() {
    this.#editor?.allow(this.live.canEdit);
    this.classList.toggle("is-readonly", !this.live.canEdit);
    this.#tell("document-active");
  }

  #moved(view, update) {
    if (update.docChanged) this.#tell("document-edited");
    if (update.focusChanged || update.selectionSet) this.#tell("document-active");
    if (!update.focusChanged && !update.selectionSet && !view.hasFocus) return;
    if (!view.hasFocus) return void (update.focusChanged && this.live.sendCursor(null, null));
    const { anchor, head } = view.state.selection.main;
    const place = (at) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.live.body, at));
    this.live.sendCursor(place(anchor), place(head));
  }

  #moveCaret(caret) {
    this.#carets.set(caret.by, caret);
    if (caret.head === null) this.#keepCarets((by) => by !== caret.by);
    else this.#showCarets([caret.by]);
  }

  #keepCarets(isKept) {
    for (const by of [...this.#carets.keys()].filter((each) => !isKept(each))) {
      this.#carets.delete(by);
      this.#hiddenCarets.delete(by);
      this.view?.dispatch({ effects: moveCaret.of({ by, anchor: null, head: null }) });
    }
  }

  /** A caret may come before its person, or before the words that it stands in: then it waits for them. */
  #showCarets(connections) {
    for (const by of [...connections]) {
      const person = this.#people.get(by);
      const { anchor, head } = this.#carets.get(by);
      const places = this.view && person ? [anchor ?? head, head].map((place) => this.#position(place)) : [null];
      if (places.includes(null)) {
        this.#hiddenCarets.add(by);
        continue;
      }
      this.#hiddenCarets.delete(by);
      const shown = { by, name: person.name.split(" ")[0], tone: person.discipline ?? "shared", anchor: places[0], head: places[1] };
      this.view.dispatch({ effects: moveCaret.of(shown) });
    }
  }

  #position(json) {
    const place = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), this.live.doc);
    return place && place.type === this.live.body ? Math.min(place.index, this.view.state.doc.length) : null;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

customElements.define("section-editor", SectionEditor);
