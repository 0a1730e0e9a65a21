// The discussions beside the board: opened from their words and back, filtered, written and answered in place.
import { threadsAt } from "../editor/highlights.js";
import { partOf, refresh } from "../net/fragments.js";
import { ThreadNews } from "./thread-news.js";
import { WordMarks } from "./word-marks.js";
import { SelectionTools } from "./selection-tools.js";

const NARROW = matchMedia("(max-width: 75rem)");

/** What only those need who write: fetched when somebody is about to. */
const writing = () => Promise.all([import("./thread-forms.js"), import("./thread-composer.js")]);

/** Fetched when somebody enters a text, so that it is there before they ask for it. */
const lineTask = () => import("./line-task.js");

export class ThreadPanel {
  #before = null;

  constructor(board, place) {
    this.board = board;
    this.place = place;
    this.composer = place.querySelector("thread-composer");
    this.toggle = document.querySelector("[data-open-panel]");
    this.marks = new WordMarks(board);
    this.news = new ThreadNews(this);
    if (this.composer) this.tools = new SelectionTools(board, () => this.write());
    this.#hearBoard();
    this.#hearPanel();
    addEventListener("hashchange", () => this.#follow());
    this.#follow();
  }

  /** The forms of the panel, ready to be written in. */
  async write() {
    const [{ ThreadForms }] = await writing();
    this.forms ??= new ThreadForms(this);
    return this.forms;
  }

  article(thread) {
    return partOf(`thread-${thread}`);
  }

  /** Show a thread, wherever the list stands, and which words it is about. */
  async open(thread, { focus = false, scroll = false } = {}) {
    if (!this.article(thread)) {
      const query = new URLSearchParams(location.search);
      query.set("thread", thread);
      await this.filter(`?${query}`);
    }
    const article = this.article(thread);
    if (!article) return;
    for (const other of this.place.querySelectorAll("[data-current]")) delete other.dataset.current;
    article.dataset.current = "";
    this.show(article.id);
    this.marks.point(thread, scroll);
    article.scrollIntoView({ block: "nearest" });
    if (focus) article.focus({ preventScroll: true });
    this.news.read(thread);
  }

  /** The list as another address has it. */
  async filter(search) {
    history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
    await refresh(this.board.dataset.fragmentsUrl, ["threads"]);
    this.news.note();
    document.dispatchEvent(new CustomEvent("fragments-refreshed"));
  }

  /** Show the tab that holds a part of the panel; on narrow screens the panel is a sheet over the page: open it. */
  show(part = "comments") {
    document.dispatchEvent(new CustomEvent("show-panel", { detail: part }));
    if (!NARROW.matches || this.place.dataset.open !== undefined) return;
    this.#before = document.activeElement;
    this.place.dataset.open = "";
    this.toggle?.setAttribute("aria-expanded", "true");
  }

  close() {
    delete this.place.dataset.open;
    this.toggle?.setAttribute("aria-expanded", "false");
    if (this.place.contains(document.activeElement)) (this.#before?.isConnected ? this.#before : this.toggle)?.focus();
  }

  #hearBoard() {
    const { board } = this;
    board.addEventListener("wants-comment", ({ target, detail }) => this.#comment(target, detail?.kind));
    board.addEventListener("wants-task", async ({ target }) => (await lineTask()).begin(target, this));
    board.addEventListener("document-active", () => lineTask().catch(() => {}), { once: true });
    board.addEventListener("words-placed", () => this.#tellGone());
    board.addEventListener("click", (event) => {
      const answer = event.target.closest("[data-answer]");
      if (answer) return void this.write().then((forms) => forms.answer(answer.dataset.thread, answer.dataset.answer));
      const marked = event.target.closest(".talk[data-thread]");
      if (marked && getSelection().isCollapsed) this.open(marked.dataset.thread);
    });
    document.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-open-thread]");
      const link = event.target.closest("a[data-filter]");
      if (event.ctrlKey || event.metaKey || event.shiftKey || !(chip || link)) return;
      event.preventDefault();
      if (chip) return void this.open(chip.dataset.openThread, { focus: true, scroll: true });
      this.show();
      const search = new URL(link.href).search;
      this.filter(search).then(() => this.place.contains(document.activeElement) || this.place.querySelector("[data-filter][aria-current]")?.focus());
    });
    document.addEventListener("click", ({ target }) => {
      if (!target.closest("[data-open-panel]")) return;
      if (this.place.dataset.open !== undefined) return void this.close();
      this.show();
      this.place.querySelector("[role=tab][aria-selected=true]").focus();
    });
  }

  #hearPanel() {
    this.place.addEventListener("click", (event) => {
      const thread = event.target.closest("[data-thread]")?.dataset.thread;
      if (event.target.closest("[data-close-panel]")) this.close();
      else if (event.target.closest("[data-go]") && thread) {
        event.preventDefault();
        this.#goTo(thread);
      } else if (event.target.closest("a[data-new-thread]") && this.composer) {
        event.preventDefault();
        this.composing = this.#compose(null, null);
      }
    });
    this.place.addEventListener("submit", (event) => {
      const form = event.target;
      if (event.defaultPrevented || !(form.dataset.act || this.composer?.contains(form))) return;
      event.preventDefault();
      if (form.dataset.act) this.write().then((forms) => forms.submit(form));
      else this.composing.then(() => form.requestSubmit());
    });
    this.place.addEventListener("click", (event) => {
      const details = event.target.closest("summary")?.parentElement;
      if (!details?.querySelector("textarea") || details.open) return;
      event.preventDefault();
      this.unfold(details);
    });
    for (const sign of ["pointerover", "focusin"]) this.place.addEventListener(sign, () => this.write(), { once: true });
    this.place.addEventListener("focusin", ({ target }) => {
      const thread = target.closest("[data-thread]")?.dataset.thread;
      if (thread) this.marks.point(thread);
    });
    this.place.addEventListener("keydown", (event) => {
      if (event.defaultPrevented) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea, input, select")) {
        event.preventDefault();
        event.target.form.requestSubmit();
      }
      if (event.key !== "Escape") return;
      const thread = event.target.closest("[data-thread]")?.dataset.thread;
      if (thread) this.#goTo(thread) || this.close();
      else this.close();
    });
    this.place.addEventListener("composer-closed", ({ detail }) => detail.view?.focus());
    this.place.addEventListener("thread-opened", async ({ detail }) => {
      await this.board.refresh(["threads", `marks-${detail.document}`]);
      this.open(detail.thread);
    });
  }

  /** Open the form in some `details`; the focus is there at once, so that what is typed next is not lost. */
  unfold(details) {
    if (!details) return;
    details.open = true;
    details.querySelector("textarea").focus();
  }

  /** With words selected a new thread begins; with the caret on marked words it goes to their thread. */
  #comment(editor, kind) {
    const { main } = editor.view.state.selection;
    const [thread] = main.empty ? threadsAt(editor.view.state, main.head) : [];
    if (thread) return void this.open(thread, { focus: true });
    if (!this.composer) return;
    this.tools.hide();
    this.show();
    this.composing = this.#compose(editor, kind ?? null);
  }

  /** Words typed before the composer is loaded go where they belong. */
  async #compose(editor, kind) {
    this.composer.hidden = false;
    const field = this.composer.querySelector(kind === "suggestion" ? "[name=replacement]" : "[name=body]");
    field.closest(".field").hidden = false;
    field.focus();
    await this.write();
    this.composer.open(editor, kind);
  }

  /** To the words of a thread; false when they are not to be seen. */
  #goTo(thread) {
    if (!this.marks.point(thread, true)) return false;
    if (NARROW.matches) this.close();
    this.marks.enter(thread);
    return true;
  }

  /** A thread whose words are gone says so, and keeps its quote. */
  #tellGone() {
    for (const article of this.place.querySelectorAll("[data-thread][data-state=open]")) {
      const isThere = this.marks.has(article.dataset.thread) ?? true;
      if (isThere || !article.dataset.quote) delete article.dataset.words;
      else article.dataset.words = "gone";
    }
  }

  /** A link to a thread: shown, focused, and its words pointed to as soon as they are there. */
  #follow() {
    const thread = /^#thread-(\d+)$/.exec(location.hash)?.[1];
    if (!thread) return;
    this.open(thread, { focus: true, scroll: true });
    if (this.marks.has(thread) !== undefined) return;
    const point = () => {
      if (!this.marks.has(thread)) return;
      this.board.removeEventListener("words-placed", point);
      this.marks.point(thread, true);
    };
    this.board.addEventListener("words-placed", point);
  }
}
