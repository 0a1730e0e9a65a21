// Forms of tasks are sent in place: the answer is a toast with Undo, and what shows the task is refreshed.

const toasts = document.querySelector("[data-toasts]");
let leaving = 0;

/** Show toasts; they go after their seconds, but not while somebody's focus or pointer is on them. */
function show(...parts) {
  toasts.replaceChildren(...parts);
  wait();
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

function wait() {
  const toast = toasts.querySelector("[data-toast]");
  if (!toast) return;
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (toasts.matches(":focus-within, :hover")) return wait();
    toasts.replaceChildren();
  }, Number(toast.dataset.seconds) * 1000);
}

function say(words) {
  const toast = document.createElement("p");
  toast.className = "toast bad";
  toast.dataset.toast = "";
  toast.dataset.seconds = "10";
  toast.textContent = words;
  show(toast);
}

/** What was wrong stands in the form that was sent, which keeps what was typed. */
function beside(place, html) {
  place.textContent = parse(html).querySelector("[data-toast] span").textContent;
  place.hidden = false;
}

async function send(form, button) {
  const data = new FormData(form, button);
  const menu = form.closest("details");
  const row = form.closest("[data-task]");
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, redirect: "error" }).catch(() => null);
  if (!answer) return say(toasts.dataset.failed);
  if (answer.status === 401) return form.submit();
  const html = await answer.text();
  if (answer.ok && menu) close(menu);
  const wrong = form.querySelector("[data-error]");
  if (wrong) wrong.hidden = true;
  if (!answer.ok && wrong && answer.status === 409) beside(wrong, html);
  else if (answer.ok || answer.status === 409) show(...parse(html).childNodes);
  else say(toasts.dataset.failed);
  if (answer.ok && form.matches("[data-quick]")) form.reset();
  const from = form.isConnected ? form : document; // a toast's own form is gone with it
  from.dispatchEvent(new CustomEvent("task-sent", { bubbles: true, detail: { task: row?.dataset.task, ok: answer.ok, quick: form.matches("[data-quick]") } }));
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-task-act]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  close(menu);
});

function close(menu) {
  menu.open = false;
  menu.querySelector("summary").focus();
}

/** Ctrl Z presses Undo while it is offered, except where one writes: there it undoes the writing. */
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
  const undo = toasts.querySelector("form[data-task-act] button");
  if (!undo || event.target.closest?.("input, textarea, select, [contenteditable=true]")) return;
  event.preventDefault();
  undo.click();
});

/** Where the focus goes when a refresh took its row elsewhere: the task's own menu, wherever it is now. */
export function keepFocus(task) {
  if (!task || document.activeElement !== document.body) return;
  const row = document.querySelector(`[data-task="${CSS.escape(task)}"]`);
  (row?.querySelector("summary") ?? document.getElementById("main")).focus();
}

wait();
