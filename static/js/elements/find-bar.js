// <find-bar>: finds words in all cards. Events: `find` {words, step}, `find-end`.
import { words } from "./words.js";

class FindBar extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.count = this.querySelector("[data-count]");
    this.input.addEventListener("input", () => this.#search(0));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      else if (event.key === "Enter") this.#search(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
    });
    this.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]")?.dataset.step;
      if (step) this.#search(Number(step));
      if (event.target.closest("[data-close]")) this.close();
    });
  }

  open() {
    if (this.hidden) this.before = document.activeElement;
    this.hidden = false;
    this.input.select();
    this.input.focus();
    this.#search(0);
  }

  close() {
    this.hidden = true;
    this.dispatchEvent(new CustomEvent("find-end", { bubbles: true }));
    this.before?.focus?.();
  }

  /** Say which hit of how many is shown. */
  tell(number, total) {
    this.count.textContent = !this.input.value ? "" : total ? words("hitOf", { number, total }) : words("noHit");
  }

  #search(step) {
    this.dispatchEvent(new CustomEvent("find", { bubbles: true, detail: { words: this.input.value, step } }));
  }
}

customElements.define("find-bar", FindBar);
