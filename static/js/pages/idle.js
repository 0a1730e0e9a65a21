// Tells the server that somebody is there, at most once a minute; warns two minutes before the session ends and
// extends it in place; afterwards leads back in, with everything that was typed still on the page.

const LIMIT = 60 * 60_000;
const WARNING = 2 * 60_000;
const EVERY = 60_000;
const MARGIN = 30_000; // so that asking about an ended session never extends one that is just alive
const SHARED = "last-active"; // all windows of this browser share one session, so they share its last activity

const dialog = document.getElementById("still-there");
const parts = dialog.querySelectorAll("[data-when]");
let asked = Date.now();
let reached = Date.now();
let ended = false;

function lastActive() {
  return Math.max(reached, Number(localStorage.getItem(SHARED) ?? 0));
}

async function tell() {
  asked = Date.now();
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const answer = await fetch(dialog.dataset.presence, {
    method: "POST",
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
  }).catch(() => null);
  if (answer?.ok) {
    reached = asked;
    localStorage.setItem(SHARED, String(reached));
    if (dialog.open) dialog.close();
  } else if (answer) show("ended");
  else if (dialog.open) show("offline");
}

function moved() {
  if (!dialog.open && Date.now() - asked > EVERY) tell();
}

function show(what) {
  ended = what === "ended";
  for (const part of parts) part.hidden = part.dataset.when !== what;
  dialog.setAttribute("aria-labelledby", dialog.querySelector(`[data-when=${what}] h2`).id);
  if (!dialog.open) dialog.showModal();
}

// Signed in again elsewhere: take that session's form token, if it is the same person's.
async function comeBack() {
  const answer = await fetch(dialog.dataset.token, { redirect: "error" }).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const same = page?.body.dataset.person === document.body.dataset.person;
  dialog.querySelector("[data-not-yet]").hidden = same;
  if (!same) return;
  const token = page.querySelector('meta[name="csrf-token"]').content;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  ended = false;
  await tell();
}

for (const kind of ["pointerdown", "keydown", "scroll", "touchstart"]) {
  addEventListener(kind, moved, { passive: true, capture: true });
}
for (const button of dialog.querySelectorAll("[data-stay]")) button.addEventListener("click", tell);
dialog.querySelector("[data-back]").addEventListener("click", comeBack);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault(); // Escape means "I am here"
  if (!ended) tell();
});

// A board says itself that its session ended, beside what could not be saved, and finds the way back by itself.
document.addEventListener("board-ended", () => {
  ended = true;
  if (dialog.open) dialog.close();
});
document.addEventListener("board-resumed", comeBack);

setInterval(() => {
  const idle = Date.now() - lastActive();
  if (ended) return;
  if (idle > LIMIT + MARGIN) tell(); // a machine that slept: the server knows that the session is over
  else if (idle > LIMIT - WARNING) show("warning");
  else if (dialog.open) dialog.close();
}, 10_000);
