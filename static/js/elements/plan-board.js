// <plan-board>: joins the plan's board and keeps its cards, people, status and fragments in step.
import { PlanConnection } from "../net/connection.js";
import { refresh } from "../net/fragments.js";
import { send } from "../net/send.js";
import { avatar } from "./presence-list.js";
import { ThreadPanel } from "./thread-panel.js";
import { words } from "./words.js";
import "./draft-notes.js";
import "./find-bar.js";
import "./link-dialog.js";
import "./save-status.js";
import "./section-editor.js";
import "./section-tools.js";

/** Reasons after which signing in again opens the board anew. */
const LEADS_BACK = new Set(["signed_out", "expired"]);

class PlanBoard extends HTMLElement {
  #people = new Map();
  #revision = 0;
  #hits = { words: "", number: 0 };

  connectedCallback() {
    this.#revision = Number(this.dataset.revision);
    this.status = document.querySelector("save-status");
    this.presence = document.querySelector("presence-list");
    this.finder = document.querySelector("find-bar");
    this.editors = [...this.querySelectorAll("section-editor")];
    this.titles = new Map([...this.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card.dataset.title]));
    this.connection = new PlanConnection(this.dataset.plan, this.dataset.user);
    this.#hearServer();
    this.#hearPage();
    for (const editor of this.editors) editor.connect(this.connection);
    for (const card of this.querySelectorAll("[data-card]")) this.showPane(card, "clinical");
    const panel = document.getElementById("beside");
    if (panel) this.panel = new ThreadPanel(this, panel);
    setInterval(() => this.#age(), 30_000);
  }

  #hearServer() {
    const on = (name, handler) => this.connection.addEventListener(name, ({ detail }) => handler(detail));
    on("joined", (detail) => this.#joined(detail));
    on("present", (detail) => this.#present(detail));
    on("left", () => this.#showStatus());
    on("away", () => this.#showStatus());
    on("board.people", ({ people }) => this.#showPeople(people));
    on("board.changed", (detail) => this.#changed(detail));
    on("access.changed", (detail) => detail.doc === undefined && !detail.can_edit && this.#end("no_access"));
    on("session.ended", ({ reason }) => this.#end(reason));
    on("signed-out", () => this.#end("signed_out"));
    on("refused", ({ error }) => error === "hidden" && this.#end("no_access"));
  }

  #hearPage() {
    this.addEventListener("document-status", () => this.#showStatus());
    this.addEventListener("document-active", ({ target }) => this.#activate(target));
    this.addEventListener("document-full", ({ target }) => this.#warnFull(target));
    document.addEventListener("pressing-sent", () => this.refresh(["alerts", "questions"]));
    document.addEventListener("go-to-person", ({ detail }) => this.#goTo(detail));
    this.addEventListener("click", ({ target }) => {
      const show = target.closest("[data-show]");
      if (show) this.showPane(show.closest("[data-card]"), show.dataset.show, true);
      if (show && show.dataset.show !== "clinical") this.#watchTexts();
    });
    this.addEventListener("focusin", ({ target }) => target.closest('[data-kind="plain"], .check') && this.#watchTexts());
    this.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-confirms]")) return;
      event.preventDefault();
      this.#confirm(event.target);
    });
    document.addEventListener("find", ({ detail }) => this.#find(detail));
    document.addEventListener("find-end", () => this.#find({ words: "", step: 0 }));
    document.addEventListener("click", ({ target }) => {
      if (target.closest("[data-open-find]")) this.finder.open();
      if (target.closest("[data-open-shortcuts]")) document.getElementById("shortcuts").showModal();
    });
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("beforeunload", (event) => {
      if (this.#waiting() || document.querySelector("[data-draft]")) event.preventDefault();
    });
  }

  #joined(answer) {
    if (this.ended) this.#resume();
    this.#present(answer);
  }

  /** On the board, for the first time or still: catch up with what was not heard. */
  #present({ revision, people }) {
    this.#showPeople(people);
    this.#showStatus();
    if (revision > this.#revision) this.#refreshAll(revision);
  }

  #changed({ fragments, revision }) {
    this.#revision = Math.max(this.#revision, revision);
    this.refresh(fragments);
  }

  #refreshAll(revision) {
    this.#revision = revision;
    const parts = [...document.querySelectorAll("[data-fragment]:not(.check)")];
    // A part comes with the one that it stands in.
    const outer = parts.filter((part) => !part.parentElement.closest("[data-fragment]"));
    this.refresh(outer.map((part) => part.dataset.fragment), { whole: true });
  }

  /** Fetch parts of the page anew; what others added to them is news. */
  async refresh(names, { whole = false } = {}) {
    await refresh(this.dataset.fragmentsUrl, names, { whole });
    document.dispatchEvent(new CustomEvent("fragments-refreshed", { detail: { isNews: true } }));
    for (const card of this.querySelectorAll("[data-card]")) this.#press(card);
    this.#showHere();
  }

  #showPeople(people) {
    const present = people.filter((person) => !this.connection.former.has(person.connection));
    this.#people = new Map(present.map((person) => [person.connection, person]));
    for (const editor of this.editors) editor.people = this.#people;
    this.presence.show(this.#others(), this.titles);
    this.#showHere();
  }

  #others() {
    return [...this.#people.values()].filter((person) => person.connection !== this.connection.id);
  }

  /** The avatars in each card of those whose caret is there. */
  #showHere() {
    for (const place of this.querySelectorAll("[data-here]")) {
      const key = place.closest("[data-card]").dataset.card;
      const here = this.#others().filter((person) => person.section === key);
      place.replaceChildren(...here.map(avatar));
      place.title = here.map((person) => person.name).join(", ");
    }
  }

  #waiting() {
    return this.editors.reduce((sum, editor) => sum + (editor.live?.waiting ?? 0), 0);
  }

  #showStatus() {
    const waiting = this.#waiting();
    if (!this.connection.joined) {
      this.status.show("offline", waiting);
      return;
    }
    if (this.editors.some((editor) => !editor.live?.isSettled)) this.status.show("connecting", waiting);
    else this.status.show(waiting ? "saving" : "saved", waiting);
  }

  #activate(editor) {
    const card = editor.closest("[data-card]");
    const tools = card?.querySelector("section-tools");
    if (!tools) return;
    if ([editor.kind, "both", undefined].includes(card.dataset.shown)) tools.target = editor;
    tools.hidden = !editor.live?.canEdit;
  }

  showPane(card, kind, focus = false) {
    const panes = [...card.querySelectorAll("section-editor")];
    const shown = panes.find((pane) => pane.kind === kind) ?? panes[0];
    if (!shown) return;
    card.dataset.shown = kind === "both" ? kind : shown.kind;
    this.#press(card);
    this.#activate(shown);
    if (focus) shown.view?.requestMeasure();
  }

  /** The check of patients' texts comes with the first one that somebody looks at. */
  #watchTexts() {
    this.watched ??= import("./text-check.js").then(({ watch }) => watch(this)).catch(() => (this.watched = null));
  }

  /** The patient's text is still right. The focus stays in the card, whose button goes. */
  async #confirm(form) {
    const card = form.closest("[data-card]");
    const answer = await send(form.action, new FormData(form));
    if (!answer.ok) this.#notice(answer.body?.error ?? words("notReached"));
    await this.refresh([form.dataset.confirms]);
    if (document.activeElement === document.body) card.querySelector('[data-show="plain"]')?.focus();
  }

  #press(card) {
    for (const button of card.querySelectorAll("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === card.dataset.shown));
    }
  }

  #goTo({ connection, section }) {
    const card = section && this.querySelector(`[data-card="${CSS.escape(section)}"]`);
    if (!card) return;
    const editor = [...card.querySelectorAll("section-editor")].find((each) => each.hasCaretOf(connection));
    if (editor) this.showPane(card, editor.kind);
    editor?.showCaretOf(connection);
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.classList.add("pointed");
    setTimeout(() => card.classList.remove("pointed"), 1600);
  }

  #find({ words: wanted, step }) {
    if (wanted !== this.#hits.words) this.#hits = { words: wanted, number: 0 };
    const totals = this.editors.map((editor) => editor.find(wanted));
    const total = totals.reduce((sum, count) => sum + count, 0);
    if (total) this.#hits.number = (this.#hits.number + step + total) % total;
    let rest = this.#hits.number;
    const at = totals.findIndex((count) => (rest < count ? true : ((rest -= count), false)));
    if (total && at >= 0) {
      const editor = this.editors[at];
      this.showPane(editor.closest("[data-card]"), editor.kind, true);
      editor.find(wanted, rest);
      editor.scrollIntoView({ block: "nearest" });
    }
    this.finder.tell(total ? this.#hits.number + 1 : 0, total);
  }

  #key(event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "f") {
      // A second time, from the find bar itself, is meant for the browser's own.
      if (this.finder.contains(document.activeElement)) return;
      event.preventDefault();
      this.finder.open();
      return;
    }
    const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    if (event.key === "?" && !typing) document.getElementById("shortcuts").showModal();
  }

  #warnFull(editor) {
    this.#notice(words("tooLong", { section: this.titles.get(editor.dataset.section) }));
  }

  #notice(text) {
    const note = document.createElement("p");
    note.className = "notice warn";
    note.textContent = text;
    document.querySelector(".notices").replaceChildren(note);
  }

  /** The board is closed: text stays, nothing more is sent, and the page says what to do. */
  #end(reason) {
    if (this.ended) return;
    this.ended = reason;
    if (LEADS_BACK.has(reason)) this.connection.pause();
    else this.connection.close();
    for (const editor of this.editors) editor.freeze();
    this.dispatchEvent(new CustomEvent("board-ended", { bubbles: true, detail: { reason, editors: this.editors, leadsBack: LEADS_BACK.has(reason) } }));
    this.#showStatus();
  }

  /** The same person signed in again elsewhere: everything goes on, and what waited is sent. */
  #resume() {
    this.ended = null;
    this.dispatchEvent(new CustomEvent("board-resumed", { bubbles: true }));
  }

  #age() {
    for (const time of this.querySelectorAll("time[data-ago]")) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / 60_000);
      const locale = document.documentElement.lang;
      const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
      if (minutes < 1) continue;
      if (minutes < 60) time.textContent = format.format(-minutes, "minute");
      else if (minutes < 1440) time.textContent = format.format(-Math.floor(minutes / 60), "hour");
    }
  }
}

customElements.define("plan-board", PlanBoard);
