// <thread-composer>: begins a thread on selected words. Events: `thread-opened` {thread, document},
// `composer-closed` {view}.
import { anchorOf, quoteOf, wordsIn } from "../editor/anchors.js";
import { send } from "../net/send.js";
import { clearErrors, errorsOf, showErrors } from "./field-errors.js";
import { completeMentions, mentioned } from "./mention-field.js";

class ThreadComposer extends HTMLElement {
  #words = null;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.body = this.form.elements.body;
    completeMentions(this.body);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.form.addEventListener("input", () => this.#note());
    this.form.addEventListener("change", ({ target }) => target.name === "kind" && this.#choose());
    this.addEventListener("click", ({ target }) => target.closest("[data-cancel]") && this.close());
    this.addEventListener("keydown", (event) => {
      if (event.defaultPrevented) return;
      if (event.key !== "Escape") return;
      this.close();
      event.preventDefault();
    });
  }

  /** Begin a thread on what is selected in an editor, on its whole text, or (null) on the plan; typed words stay. */
  open(editor, kind = null) {
    this.#words = { document: "", quote: "", before: "", after: "", ...(editor ? selected(editor) : {}) };
    const { quote } = this.#words;
    const { replacement } = this.form.elements;
    if (replacement) {
      if (replacement.value === replacement.defaultValue) replacement.value = quote;
      replacement.defaultValue = quote;
    }
    const place = this.querySelector("[data-quote]");
    place.textContent = quote || editor?.dataset.label || place.dataset.otherwise;
    this.#offer(quote, Boolean(editor), kind);
    this.hidden = false;
    clearErrors(this.form);
    this.#choose();
    this.scrollIntoView({ block: "nearest" });
    (this.#kind === "suggestion" ? replacement : this.body).focus({ preventScroll: true });
  }

  /** Other words want words, and a conflict wants a section. */
  #offer(quote, isInSection, kind) {
    const can = { suggestion: Boolean(quote), conflict: isInSection };
    for (const choice of this.form.querySelectorAll("[name=kind]")) choice.disabled = can[choice.value] === false;
    const wanted = kind ?? this.#kind;
    this.form.elements.kind.value = can[wanted] === false ? "discussion" : wanted;
  }

  /** Let it go; typed words stay until the next time. */
  close() {
    this.hidden = true;
    this.dispatchEvent(new CustomEvent("composer-closed", { bubbles: true, detail: { view: this.#words?.view } }));
  }

  get #kind() {
    return this.form.elements.kind.value;
  }

  #choose() {
    for (const part of this.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== this.#kind;
    const label = this.querySelector("[data-body-label]");
    label.dataset.first ??= label.textContent;
    label.textContent = this.#kind === "suggestion" ? label.dataset.otherwise : label.dataset.first;
    this.querySelector("[data-send-label]").textContent = this.form.querySelector("[name=kind]:checked").dataset.send;
  }

  /** Leaving the page asks first while something is written here. */
  #note() {
    this.toggleAttribute("data-draft", Boolean(this.body.value.trim()));
  }

  async #send() {
    if (this.busy) return;
    this.busy = true;
    const fields = new FormData(this.form);
    const { document, anchor, quote, before, after } = this.#words;
    for (const [name, value] of Object.entries({ document, quote, before, after })) fields.set(name, value);
    if (anchor) fields.set("anchor", JSON.stringify(anchor));
    for (const id of mentioned(this.body.value)) fields.append("mentions", id);
    const answer = await send(this.form.getAttribute("action"), fields);
    this.busy = false;
    if (!answer.ok) return void showErrors(this.form, errorsOf(answer));
    this.form.reset();
    this.#note();
    this.close();
    this.dispatchEvent(new CustomEvent("thread-opened", { bubbles: true, detail: { thread: String(answer.body.thread), document } }));
  }
}

/** What is selected, with its anchor; without a selection the text as a whole. */
function selected(editor) {
  const { main } = editor.view.state.selection;
  const text = editor.view.state.doc.toString();
  const place = wordsIn(text, main.from, main.to);
  const about = { view: editor.view, document: editor.dataset.doc };
  return place ? { ...about, anchor: anchorOf(editor.live, place.from, place.to), ...quoteOf(text, place.from, place.to) } : about;
}

customElements.define("thread-composer", ThreadComposer);
