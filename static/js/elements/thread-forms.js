// Forms of the discussions, sent without leaving the page: what was typed stays when the server says no.
import { send } from "../net/send.js";
import { icon } from "./icon.js";
import { clearErrors, errorsOf, showErrors } from "./field-errors.js";
import { completeMentions, mentioned } from "./mention-field.js";
import { words } from "./words.js";

const UNDO_WITHIN = 10_000;
const SETTLES_WITHIN = 2000;
/** Acts that can be taken back, by the words that say so. */
const UNDONE = { withdrawal: "withdrawnComment", resolution: "resolved" };

export class ThreadForms {
  constructor(panel) {
    this.panel = panel;
    const { place } = panel;
    place.addEventListener("focusin", ({ target }) => target.matches("textarea[data-mentions]") && completeMentions(target));
    place.addEventListener("input", ({ target }) => this.#note(target.closest("form[data-act]")));
    if (document.activeElement?.matches("textarea[data-mentions]")) completeMentions(document.activeElement);
    place.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Accept or decline a suggestion where its words stand. */
  async answer(thread, answer) {
    await this.panel.open(thread, { focus: answer === "decline" });
    const article = this.panel.article(thread);
    if (answer === "accept") this.submit(article?.querySelector("[data-act=acceptance]"));
    else this.panel.unfold(article?.querySelector("[data-decline]"));
  }

  #key(event) {
    const form = event.target.closest("form[data-act]");
    if (!form?.closest("details") || event.defaultPrevented || event.key !== "Escape") return;
    this.#fold(form);
    event.preventDefault();
  }

  #fold(form) {
    const details = form.closest("details");
    if (!details) return;
    details.open = false;
    details.querySelector("summary").focus();
  }

  /** Leaving the page asks first while something is written here. */
  #note(form) {
    const field = form?.querySelector("textarea");
    if (field) form.toggleAttribute("data-draft", field.value.trim() !== field.defaultValue.trim());
  }

  /** Send a form where it stands. */
  async submit(form) {
    if (!form || form.dataset.busy !== undefined) return;
    const { act } = form.dataset;
    const { thread } = form.closest("[data-thread]").dataset;
    const address = form.getAttribute("action");
    form.dataset.busy = "";
    const fields = new FormData(form);
    const body = form.querySelector("[data-mentions]")?.value ?? "";
    for (const id of mentioned(body)) fields.append("mentions", id);
    if (act === "acceptance") for (const [name, value] of Object.entries(await this.#spot(thread))) fields.set(name, value);
    const answer = await send(address, fields);
    delete form.dataset.busy;
    if (!answer.ok) return void showErrors(form, errorsOf(answer));
    clearErrors(form);
    form.reset();
    this.#note(form);
    this.#fold(form);
    if (UNDONE[act]) this.#offerUndo(address, thread, UNDONE[act]);
    await this.#renew(thread);
    this.panel.article(thread)?.contains(document.activeElement) || this.panel.article(thread)?.focus({ preventScroll: true });
  }

  /** The rest of the board hears of it from the server. */
  #renew(thread) {
    return this.panel.board.refresh([`thread-${thread}`]);
  }

  /** Where this browser sees the words, in a text that the server has too; {} when it cannot tell. */
  async #spot(thread) {
    const place = this.panel.marks.placeOf(thread);
    const live = place?.editor.live;
    const until = Date.now() + SETTLES_WITHIN;
    while (live?.waiting && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
    const now = this.panel.marks.placeOf(thread);
    return now && live.isOpen && !live.waiting ? { epoch: live.epoch, base_seq: live.seq, start: now.from, end: now.to } : {};
  }

  #offerUndo(address, thread, what) {
    const note = document.createElement("p");
    const button = document.createElement("button");
    note.className = "undo-note";
    note.setAttribute("role", "status");
    button.type = "button";
    button.className = "button";
    button.append(icon("undo-2"), words("undo"));
    note.append(words(what), button);
    this.panel.place.append(note);
    const end = setTimeout(() => {
      note.remove();
      this.#renew(thread);
    }, UNDO_WITHIN);
    button.addEventListener("click", async () => {
      clearTimeout(end);
      note.remove();
      await send(address, [], "DELETE");
      await this.#renew(thread);
      this.panel.open(thread, { focus: true });
    });
  }
}
