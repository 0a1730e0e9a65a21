// The small buttons beside selected words. Events: `wants-comment` {kind}, `wants-task` from the editor they stand in.

const GAP = 6;

export class SelectionTools {
  #held = false;

  /** `ready` is called when the tools are shown: somebody may be about to write. */
  constructor(board, ready) {
    this.ready = ready;
    this.tools = document.getElementById("selection-tools").content.cloneNode(true).firstElementChild;
    board.addEventListener("document-active", ({ target }) => this.#look(target));
    board.addEventListener("pointerdown", ({ target }) => {
      if (!this.tools.contains(target)) this.#held = true;
    });
    addEventListener("pointerup", () => setTimeout(() => this.#release()));
    addEventListener("pointercancel", () => this.#release());
    addEventListener("resize", () => this.hide());
    this.tools.addEventListener("mousedown", (event) => event.preventDefault());
    this.tools.addEventListener("click", ({ target }) => this.#act(target.closest("button")));
    this.tools.addEventListener("focusout", ({ relatedTarget }) => !this.tools.contains(relatedTarget) && this.hide());
  }

  hide() {
    this.editor = null;
    this.tools.remove();
  }

  #release() {
    this.#held = false;
    if (this.last) this.#look(this.last);
  }

  /** Shown while words are selected in the text one is in; not before the pointer is up. */
  #look(editor) {
    this.last = editor;
    const { view } = editor;
    const selected = view?.hasFocus && !view.state.selection.main.empty;
    if (selected && !this.#held) this.#show(editor);
    else if (this.editor === editor && !selected && !this.tools.contains(document.activeElement)) this.hide();
  }

  #show(editor) {
    const { view } = editor;
    const card = editor.closest("[data-card]");
    this.editor = editor;
    this.ready();
    view.requestMeasure({
      key: this,
      read: () => ({ end: view.coordsAtPos(view.state.selection.main.to, -1), box: card.getBoundingClientRect() }),
      write: ({ end, box }) => {
        if (!end || this.editor !== editor) return;
        editor.after(this.tools);
        const widest = Math.max(0, box.width - this.tools.offsetWidth - GAP);
        this.tools.style.setProperty("top", `${end.bottom - box.top + GAP}px`);
        this.tools.style.setProperty("left", `${Math.min(Math.max(GAP, end.left - box.left - this.tools.offsetWidth / 2), widest)}px`);
      },
    });
  }

  #act(button) {
    if (!button || !this.editor) return;
    const { editor } = this;
    this.hide();
    const { kind } = button.dataset;
    editor.dispatchEvent(new CustomEvent(kind ? "wants-comment" : "wants-task", { bubbles: true, detail: { kind } }));
  }
}
