// <panel-tabs>: one of the panels beside the plan at a time. An address that names something inside a panel opens it.

const KEPT = "panel-tab";

class PanelTabs extends HTMLElement {
  connectedCallback() {
    this.tabs = [...this.querySelectorAll("[role=tab]")];
    this.addEventListener("click", ({ target }) => this.#choose(target.closest("[role=tab]"), true));
    this.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("hashchange", () => this.#named());
    document.addEventListener("show-panel", ({ detail }) => this.#choose(this.#tabOf(document.getElementById(detail))));
    this.#choose(this.#named() ?? this.tabs.find((tab) => tab.id === localStorage.getItem(KEPT)) ?? this.tabs[0]);
  }

  #choose(chosen, keeps = false) {
    if (!chosen) return;
    for (const tab of this.tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = tab !== chosen;
    }
    if (keeps) localStorage.setItem(KEPT, chosen.id);
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = this.tabs[(this.tabs.indexOf(document.activeElement) + step + this.tabs.length) % this.tabs.length];
    event.preventDefault();
    this.#choose(next, true);
    next.focus();
  }

  /** The panel that holds what the address's fragment names. */
  #named() {
    const place = location.hash && document.getElementById(location.hash.slice(1));
    const tab = place ? this.#tabOf(place) : undefined;
    this.#choose(tab);
    return tab;
  }

  #tabOf(place) {
    return this.tabs.find((tab) => document.getElementById(tab.getAttribute("aria-controls")).contains(place));
  }
}

customElements.define("panel-tabs", PanelTabs);
