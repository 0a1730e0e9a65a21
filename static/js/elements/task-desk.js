// <task-desk>: a page of tasks that follows the plan live, as the board does.
import { PlanConnection } from "../net/connection.js";
import { refresh } from "../net/fragments.js";
import { keepFocus } from "./task-forms.js";

class TaskDesk extends HTMLElement {
  #revision = 0;

  connectedCallback() {
    this.#revision = Number(this.dataset.revision);
    this.connection = new PlanConnection(this.dataset.plan, this.dataset.user);
    const on = (name, handler) => this.connection.addEventListener(name, ({ detail }) => handler(detail));
    on("joined", ({ revision }) => this.#catchUp(revision));
    on("present", ({ revision }) => this.#catchUp(revision));
    on("board.changed", ({ fragments, revision }) => {
      this.#revision = Math.max(this.#revision, revision);
      this.#refresh(fragments);
    });
    on("access.changed", (detail) => detail.doc === undefined && !detail.can_edit && location.reload());
    on("session.ended", () => location.reload());
    on("refused", ({ error }) => error === "hidden" && location.reload());
    document.addEventListener("task-sent", ({ detail }) => this.#sent(detail));
  }

  #catchUp(revision) {
    if (revision > this.#revision) this.#sent({});
    this.#revision = Math.max(this.#revision, revision);
  }

  async #sent({ task }) {
    await this.#refresh([...document.querySelectorAll("[data-fragment]")].map((part) => part.dataset.fragment));
    keepFocus(task);
  }

  #refresh(names) {
    return refresh(this.dataset.fragmentsUrl, names);
  }
}

customElements.define("task-desk", TaskDesk);
