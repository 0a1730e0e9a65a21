// What is new in the discussions: said politely, marked, and read once it was in sight.
import { partOf } from "../net/fragments.js";
import { send } from "../net/send.js";
import { words } from "./words.js";

const SEEN = 1500;

export class ThreadNews {
  #newest = 0;
  #waiting = new Map();

  constructor(panel) {
    this.panel = panel;
    this.says = document.createElement("p");
    this.says.className = "visually-hidden";
    this.says.setAttribute("role", "status");
    panel.place.append(this.says);
    this.sight = new IntersectionObserver((entries) => entries.forEach((entry) => this.#seen(entry)), { threshold: 0.6 });
    document.addEventListener("fragments-refreshed", ({ detail }) => detail?.isNews && this.#tell());
    this.note();
  }

  /** What is shown now is known, and nobody needs to hear of it. */
  note() {
    for (const { dataset } of this.#comments()) this.#newest = Math.max(this.#newest, Number(dataset.comment));
    this.sight.disconnect();
    for (const article of this.panel.place.querySelectorAll("[data-thread][data-unread]")) this.sight.observe(article);
    this.#count();
  }

  /** Somebody looked at a thread: it is read, here and on the server. */
  async read(thread) {
    const article = this.panel.article(thread);
    if (!article || article.dataset.unread === undefined) return;
    delete article.dataset.unread;
    this.sight.unobserve(article);
    await send(`${this.panel.place.dataset.threadsUrl}/${thread}/read`, []);
    this.#count();
  }

  /** One sentence for what others added since, never more often than the list is refreshed. */
  #tell() {
    const fresh = this.#comments().filter(({ dataset }) => Number(dataset.comment) > this.#newest && dataset.mine === undefined);
    const told = fresh.map((comment) => {
      const name = comment.querySelector(".by b")?.textContent ?? "";
      const section = this.panel.board.titles.get(comment.closest("[data-section]").dataset.section);
      return section ? words("commentedOn", { name, section }) : words("commented", { name });
    });
    if (told.length) this.says.textContent = [...new Set(told)].join(". ");
    this.note();
  }

  #comments() {
    return [...this.panel.place.querySelectorAll("[data-comment]")];
  }

  #seen({ target, isIntersecting }) {
    clearTimeout(this.#waiting.get(target));
    if (!isIntersecting) return;
    const look = () => !document.hidden && this.read(target.dataset.thread);
    this.#waiting.set(target, setTimeout(look, SEEN));
  }

  /** The number on the button that opens the panel on narrow screens. */
  #count() {
    const place = document.querySelector("[data-thread-count]");
    if (place) place.textContent = partOf("threads-count")?.firstChild.textContent ?? "";
  }
}
