// <section-tools>: the labelled toolbar of a card, for those who know no Markdown.
import { isBlock, toggleBlock } from "../editor/commands.js";
import { hasMark, toggleMark } from "../editor/marks.js";

const BLOCKS = ["heading", "bullets", "numbers", "checklist", "quote"];
const MARKS = ["bold", "italic"];
const ASKS = new Set(["comment", "task"]);
const ACTIONS = {
  ...Object.fromEntries(BLOCKS.map((kind) => [kind, toggleBlock(kind)])),
  ...Object.fromEntries(MARKS.map((kind) => [kind, toggleMark(kind)])),
};

class SectionTools extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    this.append(document.getElementById("tools").content.cloneNode(true));
    this.setAttribute("role", "toolbar");
    this.addEventListener("mousedown", (event) => event.preventDefault());
    this.addEventListener("click", (event) => this.#act(event.target.closest("[data-tool]")?.dataset.tool));
    this.addEventListener("keydown", (event) => this.#move(event));
    for (const [index, button] of [...this.querySelectorAll("button")].entries()) button.tabIndex = index ? -1 : 0;
  }

  /** The editor the buttons work on. */
  set target(editor) {
    this.editor = editor;
    this.#press();
  }

  /** Buttons of what the caret stands in look pressed. */
  #press() {
    const state = this.editor?.view?.state;
    if (!state) return;
    for (const button of this.querySelectorAll("[data-tool]")) {
      const { tool } = button.dataset;
      if (tool === "task") button.hidden = !isBlock(state, "checklist");
      if (!(tool in ACTIONS)) continue;
      button.setAttribute("aria-pressed", String(MARKS.includes(tool) ? hasMark(state, tool) : isBlock(state, tool)));
    }
  }

  #act(tool) {
    const view = this.editor?.view;
    if (!tool || !view) return;
    if (tool === "link") this.editor.dispatchEvent(new CustomEvent("wants-link", { bubbles: true, detail: { view } }));
    else if (tool === "undo") this.editor.undo.undo();
    else if (tool === "redo") this.editor.undo.redo();
    else if (ASKS.has(tool)) this.editor.dispatchEvent(new CustomEvent(`wants-${tool}`, { bubbles: true }));
    else ACTIONS[tool](view);
    if (tool !== "link" && !ASKS.has(tool)) view.focus();
  }

  /** Arrows walk along the buttons, as in any toolbar; Tab leaves it. */
  #move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.querySelectorAll("button:not([hidden])")];
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  }
}

customElements.define("section-tools", SectionTools);
