// Says that somebody is there, at most once a minute; warns two minutes before the session ends and extends in place.

const LIMIT = 60 * 60_000;
const WARNING = 2 * 60_000;
const EVERY = 60_000;

const script = document.getElementById("idle-script");
const dialog = document.getElementById("still-there");
let active = Date.now();
let told = Date.now();

async function tell() {
  told = Date.now();
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const answer = await fetch(script.dataset.presence, {
    method: "POST",
    headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
  }).catch(() => null);
  if (answer?.ok) active = told;
}

function moved() {
  if (dialog.open) return;
  active = Date.now();
  if (active - told > EVERY) tell();
}

for (const kind of ["pointerdown", "keydown", "scroll", "touchstart"]) {
  addEventListener(kind, moved, { passive: true, capture: true });
}

dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", tell);

setInterval(() => {
  if (Date.now() - active > LIMIT - WARNING && !dialog.open) dialog.showModal();
}, 10_000);
