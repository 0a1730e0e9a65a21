// <section-editor>: text that reads well without scripts, upgraded in place to an editor over its live document.
import { EditorView, Y } from "../../vendor/editor.js";
import { caretOf, moveCaret } from "../editor/carets.js";
import { createEditor } from "../editor/editor.js";
import { find, hits } from "../editor/find.js";
import { LiveDocument } from "../net/live-document.js";

/**
 * Events (all bubble): `document-status`, `document-draft` {text, reason}, `document-full`, `wants-link` {view},
 * `document-active` when the caret moves or the focus comes.
 */
export class SectionEditor extends HTMLElement {
  #people = new Map();
  #waitingCarets = new Map();
  #editor = null;

  /** Join the live document over a connection; the editor takes the place of the text once it is open. */
  connect(connection) {
    this.live = new LiveDocument(connection, this.dataset.doc);
    this.live.addEventListener("opened", () => this.#opened());
    this.live.addEventListener("replaced", () => this.#unmount());
    this.live.addEventListener("status", () => this.#tell("document-status"));
    this.live.addEventListener("draft", ({ detail }) => this.#tell("document-draft", detail));
    this.live.addEventListener("access", () => this.#allow());
    this.live.addEventListener("caret", ({ detail }) => this.#caret(detail));
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

  /** Everyone on the board, by connection; carets of those who left go. */
  set people(people) {
    this.#people = people;
    if (this.live) this.live.alone = people.size < 2;
    for (const [by, caret] of this.#waitingCarets) {
      if (people.has(by)) this.#caret(caret);
    }
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
        moved: (view, update) => this.#moved(view, update),
      },
    });
    this.replaceChildren(place);
    this.classList.add("is-live");
    this.#allow();
    for (const caret of this.#waitingCarets.values()) this.#caret(caret);
  }

  #unmount() {
    this.#editor?.destroy();
    this.#editor = null;
  }

  #allow() {
    this.#editor?.allow(this.live.canEdit);
    this.classList.toggle("is-readonly", !this.live.canEdit);
    this.#tell("document-active");
  }

  #moved(view, update) {
    if (update.focusChanged || update.selectionSet) this.#tell("document-active");
    if (!update.focusChanged && !update.selectionSet && !view.hasFocus) return;
    if (!view.hasFocus) return void (update.focusChanged && this.live.sendCursor(null, null));
    const { anchor, head } = view.state.selection.main;
    const place = (at) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.live.body, at));
    this.live.sendCursor(place(anchor), place(head));
  }

  /** Somebody's caret moved. It may come before the words it stands in: then it waits for them. */
  #caret(caret) {
    this.#waitingCarets.delete(caret.by);
    const person = this.#people.get(caret.by);
    if (!this.view || (caret.head !== null && !person)) {
      if (caret.head !== null) this.#waitingCarets.set(caret.by, caret);
      return;
    }
    if (caret.head === null) {
      this.view.dispatch({ effects: moveCaret.of({ by: caret.by, anchor: null, head: null }) });
      return;
    }
    const [anchor, head] = [caret.anchor ?? caret.head, caret.head].map((place) => this.#position(place));
    if (head === null || anchor === null) return;
    const shown = { by: caret.by, name: person.name.split(" ")[0], tone: person.discipline ?? "shared", anchor, head };
    this.view.dispatch({ effects: moveCaret.of(shown) });
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
