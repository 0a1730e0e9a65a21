// <save-status>: always there. Saved only when everything typed is committed on the server.
import { icon } from "./icon.js";
import { words } from "./words.js";

const LOOKS = {
  saved: ["cloud-check", "good"],
  saving: ["cloud-upload", ""],
  offline: ["cloud-off", "warn"],
  connecting: ["cloud", ""],
};

class SaveStatus extends HTMLElement {
  #shown = "";

  connectedCallback() {
    this.says = document.createElement("span");
    this.says.className = "visually-hidden";
    this.says.setAttribute("role", "status");
    this.chip = document.createElement("span");
    this.replaceChildren(this.chip, this.says);
    this.show("connecting", 0);
  }

  /** `state` is saved, saving, offline or connecting; `waiting` counts changes kept here. */
  show(state, waiting) {
    const text = state === "offline" && waiting ? words("offlineKept", { count: waiting }) : words(state);
    if (text === this.#shown) return;
    const before = this.dataset.state;
    this.#shown = text;
    this.dataset.state = state;
    const [symbol, look] = LOOKS[state];
    this.chip.className = `chip ${look}`;
    this.chip.replaceChildren(icon(symbol), text);
    // Saving and Saved follow each keystroke; only going and coming back is news worth speaking.
    if (before && (state === "offline") !== (before === "offline")) this.says.textContent = text;
  }
}

customElements.define("save-status", SaveStatus);
