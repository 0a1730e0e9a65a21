// Completes @names in a field of a discussion: a listbox below it, for keyboard and pointer.
import { avatar } from "./presence-list.js";
import { words } from "./words.js";

const BEGUN = /(?:^|[\s([{])@([\p{L}\p{N}'’ -]{0,40})$/u;
const MOST = 6;
let lists = 0;

/** People of the care team who can be mentioned: [{id, name, discipline, tone}]. */
function people() {
  return JSON.parse(document.getElementById("people")?.textContent || "[]");
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The ids of those whose whole name stands in the text after an @. */
export function mentioned(text) {
  let rest = plain(text);
  const found = [];
  for (const person of people().sort((one, other) => other.name.length - one.name.length)) {
    const written = `@${plain(person.name)}`;
    if (!rest.includes(written)) continue;
    found.push(person.id);
    rest = rest.replaceAll(written, "");
  }
  return found;
}

/** Give a textarea completion; once for each. */
export function completeMentions(field) {
  if (field.dataset.completes) return;
  field.dataset.completes = "true";
  new Completion(field);
}

class Completion {
  #found = [];
  #at = 0;

  constructor(field) {
    this.field = field;
    this.list = document.createElement("ul");
    this.list.id = `people-${(lists += 1)}`;
    this.list.className = "people-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", words("people"));
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.#look());
    field.addEventListener("click", () => this.#look());
    field.addEventListener("blur", () => this.#close());
    field.addEventListener("keydown", (event) => this.#key(event));
    // A name may have been begun before this was loaded.
    if (field === document.activeElement) this.#look();
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.#choose([...this.list.children].indexOf(option));
    });
  }

  #look() {
    const begun = BEGUN.exec(this.field.value.slice(0, this.field.selectionStart));
    const wanted = begun && plain(begun[1]);
    this.#found = begun ? people().filter(({ name }) => fits(plain(name), wanted)).slice(0, MOST) : [];
    // A name that is written out whole is done.
    if (this.#found.some(({ name }) => plain(name) === wanted)) this.#found = [];
    this.#at = 0;
    if (this.#found.length) this.#show();
    else this.#close();
  }

  #show() {
    this.list.replaceChildren(...this.#found.map((person, index) => this.#option(person, index)));
    if (!this.list.isConnected) this.field.after(this.list);
    this.field.setAttribute("aria-controls", this.list.id);
    this.#mark();
  }

  #option(person, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    const name = document.createElement("b");
    name.textContent = person.name;
    const mark = avatar({ name: person.name, discipline: person.tone });
    mark.setAttribute("aria-hidden", "true");
    option.append(mark, name, person.discipline ? ` ${person.discipline}` : "");
    return option;
  }

  #mark() {
    for (const [index, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(index === this.#at));
    this.field.setAttribute("aria-activedescendant", this.list.children[this.#at].id);
    this.list.children[this.#at].scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.#found = [];
    this.list.remove();
    this.field.removeAttribute("aria-controls");
    this.field.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (!this.#found.length || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === "Enter" || event.key === "Tab") this.#choose(this.#at);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(index) {
    const { field } = this;
    const begun = BEGUN.exec(field.value.slice(0, field.selectionStart));
    const person = this.#found[index];
    this.#close();
    if (!begun || !person) return;
    field.setRangeText(`@${person.name} `, field.selectionStart - begun[1].length - 1, field.selectionStart, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Any of the names may be begun. */
function fits(name, wanted) {
  return name.startsWith(wanted) || name.split(/[\s-]+/).some((part) => part.startsWith(wanted));
}
