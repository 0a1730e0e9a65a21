// Search and jump: asks while one types, and moves through what is found. The page loads this when it is first wanted.

const WAIT = 120;
const DONE = 600; // until a count is announced, so that typing is not talked over

let dialog = null;
let field = null;
let list = null;
let note = null;
let status = null;
let asking = null;
let answered = null;
let shown = null; // the question whose answers stand in the list
let waiting = 0;
let telling = 0;
let current = -1;

/** The dialog was opened. */
export function begin(opened) {
  if (!dialog) setUp(opened);
  answered = ask();
}

function setUp(opened) {
  dialog = opened;
  field = dialog.querySelector("input");
  list = dialog.querySelector("[role=listbox]");
  note = dialog.querySelector(".jump-note");
  status = dialog.querySelector("[role=status]");
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(askNow, WAIT);
  });
  field.addEventListener("keydown", onKey);
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  list.addEventListener("pointermove", ({ target }) => choose(options().indexOf(target.closest("[role=option]")), false));
  list.addEventListener("click", ({ target }) => target.closest("[role=option]") && dialog.close());
  dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest("[data-close]")) && dialog.close());
  dialog.addEventListener("close", () => {
    asking?.abort();
    clearTimeout(waiting);
    waiting = 0;
    clearTimeout(telling);
    status.textContent = "";
  });
}

const options = () => [...list.querySelectorAll("[role=option]")];

function askNow() {
  clearTimeout(waiting);
  waiting = 0;
  answered = ask();
}

/** Put the question; an older one that is not answered yet is of no use any more. */
async function ask() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const asked = field.value.trim();
  const query = new URLSearchParams({ q: asked });
  const request = { signal: mine.signal, headers: { "X-Requested-With": "fetch" }, redirect: "error" };
  try {
    const answer = await fetch(`${dialog.dataset.options}?${query}`, request);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine === asking) show(page.querySelector("[data-count]"), asked);
  } catch {
    if (!mine.signal.aborted) show(null, asked);
  }
}

function show(found, asked) {
  shown = asked;
  list.replaceChildren(...(found ? [...found.children].map((group) => document.adoptNode(group)) : []));
  const some = options().length > 0;
  list.hidden = !some;
  field.setAttribute("aria-expanded", String(some));
  note.hidden = some;
  note.textContent = some ? "" : found ? dialog.dataset.nothing : dialog.dataset.broken;
  choose(some ? 0 : -1);
  clearTimeout(telling);
  telling = setTimeout(() => (status.textContent = found ? found.dataset.count : note.textContent), DONE);
}

function choose(index, scrolls = true) {
  if (index === current && options()[index]?.ariaSelected === "true") return;
  if (index < 0 && options().length) return;
  current = index;
  for (const [at, option] of options().entries()) option.setAttribute("aria-selected", String(at === index));
  const chosen = options()[index];
  if (!chosen) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", chosen.id);
  if (scrolls) chosen.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const count = options().length;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    dialog.querySelector("form").submit();
  }
  if (!count || event.altKey || event.ctrlKey || event.metaKey) return;
  const next = { ArrowDown: (current + 1) % count, ArrowUp: (current - 1 + count) % count, PageDown: Math.min(current + 5, count - 1), PageUp: Math.max(current - 5, 0) }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  choose(next);
}

/** Open what is chosen among the answers to all that was typed. The focus goes back first, so that a place on this very page can be shown behind it. */
async function go() {
  for (let tries = 0; tries < 3 && shown !== field.value.trim(); tries += 1) {
    if (waiting || tries) askNow();
    await answered;
    if (!dialog.open) return;
  }
  const chosen = options()[current];
  if (!chosen) return dialog.querySelector("form").submit();
  dialog.close();
  chosen.click();
}
