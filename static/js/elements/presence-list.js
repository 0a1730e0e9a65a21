// <presence-list>: who else is here. A click goes to their caret: event `go-to-person` {connection, section}.
import { words } from "./words.js";

export function initials(name) {
  const parts = name.split(/\s+/).filter(Boolean);
  return ((parts[0]?.[0] ?? "?") + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
}

/** A round mark with somebody's initials in the colour of their discipline. */
export function avatar(person) {
  const mark = document.createElement("span");
  mark.className = `avatar ${person.discipline ?? ""}`;
  mark.textContent = initials(person.name);
  return mark;
}

class PresenceList extends HTMLElement {
  /** `people` are those of the board but oneself; `titles` gives a section's title by its key. */
  show(people, titles) {
    const list = document.createElement("ul");
    list.setAttribute("role", "list");
    list.setAttribute("aria-label", words("hereNow"));
    for (const person of people) list.append(this.#item(person, titles));
    const focused = this.querySelector(":focus")?.dataset.connection;
    this.replaceChildren(list);
    if (focused) this.querySelector(`[data-connection="${CSS.escape(focused)}"]`)?.focus();
    this.hidden = people.length === 0;
  }

  #item(person, titles) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const where = person.section ? titles.get(person.section) : null;
    const label = where ? words("personIn", { name: person.name, section: where }) : words("personHere", { name: person.name });
    button.type = "button";
    button.dataset.connection = person.connection;
    button.title = label;
    const mark = avatar(person);
    mark.setAttribute("aria-hidden", "true");
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.textContent = label;
    button.append(mark, said);
    button.addEventListener("click", () => {
      const { connection, section } = person;
      this.dispatchEvent(new CustomEvent("go-to-person", { bubbles: true, detail: { connection, section } }));
    });
    item.append(button);
    return item;
  }
}

customElements.define("presence-list", PresenceList);
