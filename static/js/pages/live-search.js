// A search form that shows what it finds while one types. Without scripts its button does the same.

const form = document.querySelector("form[data-live-search]");
const field = form.querySelector("input[type=search]");
const status = document.querySelector("[data-live-count]");
const WAIT = 250;
let waiting = 0;
let asking = null;

function address() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return `${location.pathname}${query.size ? `?${query}` : ""}`;
}

async function show() {
  asking?.abort();
  asking = new AbortController();
  const wanted = address();
  const answer = await fetch(wanted, { signal: asking.signal, redirect: "error" }).catch((error) => error);
  if (answer?.name === "AbortError") return;
  if (!answer.ok) return location.assign(wanted); // the page itself says what is wrong
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  history.replaceState(null, "", wanted);
  status.textContent = document.getElementById(form.dataset.liveSearch).dataset.count;
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, WAIT);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  show();
});
