// A slider over the moments of a text's life. Without scripts the same moments are links.

const root = document.querySelector("[data-replay]");
const links = [...root.querySelectorAll("[data-number]")].sort((one, other) => one.dataset.number - other.dataset.number);
const slider = root.querySelector(".replay-slider input");
const play = root.querySelector("[data-play]");
const speed = root.querySelector(".replay-speed select");
const says = { play: play.querySelector("b").textContent, pause: play.dataset.pause };
const LAST = links.length - 1;
const AHEAD = 2; // moments that are fetched before anybody asks
const MOST_KEPT = 30;
const pages = new Map();
let here = Number(slider.value);
let wanted = here;
let timer = 0;

function fetched(number) {
  const address = links[number].href;
  if (!pages.has(address)) {
    if (pages.size >= MOST_KEPT) pages.delete(pages.keys().next().value);
    pages.set(address, ask(address));
  }
  return pages.get(address);
}

async function ask(address) {
  const answer = await fetch(`${address}&part=moment`, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) {
    pages.delete(address);
    return null;
  }
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("moment");
}

async function show(number) {
  wanted = number;
  name(number);
  const found = await fetched(number);
  if (wanted !== number) return false; // the slider went on meanwhile
  if (!found) {
    location.assign(links[number].href); // the page itself says what is wrong
    return false;
  }
  here = number;
  document.getElementById("moment").replaceWith(document.importNode(found, true));
  history.replaceState(null, "", links[number].href);
  for (let next = number + 1; next <= Math.min(LAST, number + AHEAD); next += 1) fetched(next);
  return true;
}

function name(number) {
  slider.value = number;
  slider.setAttribute("aria-valuetext", links[number].textContent.trim().replace(/\s+/g, " "));
  links.forEach((link, each) => (each === number ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  for (const step of root.querySelectorAll("[data-step]")) {
    const to = links[number + Number(step.dataset.step)];
    if (to) step.href = to.href;
    else if (document.activeElement !== step) step.removeAttribute("href"); // who stands on it stays on it
    step.toggleAttribute("aria-disabled", !to);
    if (!to) step.setAttribute("aria-disabled", "true");
  }
}

function pause() {
  clearTimeout(timer);
  timer = 0;
  play.removeAttribute("data-playing");
  play.querySelector("b").textContent = says.play;
}

async function goOn() {
  const came = await show(wanted + 1);
  if (came && wanted >= LAST) pause();
  else if (came && timer) timer = setTimeout(goOn, Number(speed.value));
}

play.addEventListener("click", () => {
  if (timer) return pause();
  play.setAttribute("data-playing", "");
  play.querySelector("b").textContent = says.pause;
  timer = setTimeout(goOn, 0);
  if (wanted >= LAST) wanted = -1; // once more from the beginning
  return undefined;
});
slider.addEventListener("input", () => {
  pause();
  show(Number(slider.value));
});
root.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("a[data-number]");
  const step = event.target.closest("a[data-step]");
  if (!link && !step) return;
  event.preventDefault();
  pause();
  const number = link ? Number(link.dataset.number) : wanted + Number(step.dataset.step);
  if (number >= 0 && number <= LAST) show(number);
});
for (const part of [play, slider.closest("label"), speed.closest("label")]) part.hidden = false;
name(here);
if (here > 0) fetched(here - 1);
