// Refreshes parts of the page: fetched under one's own rights, morphed in so that focus, caret and typed words stay.
import { Idiomorph } from "../../vendor/morph.js";

/** What a reader chose or a script found is not the server's to change; */
const OURS = new Set([
  ...["aria-pressed", "aria-expanded", "open", "data-current", "data-words", "data-draft", "data-busy", "data-completes"],
  ...["aria-autocomplete", "aria-controls", "aria-activedescendant", "aria-invalid", "aria-describedby"],
]);
/** nor is what a script put beside a field: names to choose from, and what is wrong with it. */
const ADDED = "[role=listbox], [data-wrong]";
const asking = new Map();
/** Threads that an address may name. */
const MOST_KNOWN = 300;

const callbacks = {
  beforeAttributeUpdated: (name) => !OURS.has(name),
  beforeNodeMorphed: (node, fresh) => !isTyped(node) && !isKnown(fresh),
  beforeNodeRemoved: (node) => !(node instanceof Element && (node.matches(ADDED) || [...node.querySelectorAll("textarea")].some(isTyped))),
};

/** A field with words of the reader's own, which no refresh may take. */
function isTyped(node) {
  const isText = node instanceof HTMLTextAreaElement || (node instanceof HTMLInputElement && node.type === "text");
  return isText && node.value !== node.defaultValue;
}

/** Put a fresh part in the place of one: focus, caret, typed words and what the reader opened stay. */
export function morph(part, fresh) {
  Idiomorph.morph(part, fresh, { morphStyle: "outerHTML", callbacks });
}

/** What the server left out of a list, because it stands here already. */
function isKnown(node) {
  return node instanceof Element && node.hasAttribute("data-known");
}

/**
 * Fetch fragments by name and put them where they stand; one that cannot be fetched stays as it is. `whole`: lists are
 * fetched with all that is in them, because something may have been missed.
 */
export async function refresh(base, names, { whole = true } = {}) {
  await Promise.all(names.map((name) => renew(base, name, whole)));
}

/** One question at a time for each part: a change during it asks once more, so that the last answer is the newest. */
function renew(base, name, whole) {
  const before = asking.get(name);
  if (before) {
    before.whole ||= whole;
    before.next ??= before.done.then(() => renew(base, name, before.whole));
    return before.next;
  }
  const now = { next: null, done: null, whole: false };
  const earlier = [...asking].filter(([other]) => overlap(name, other)).map(([, { done }]) => done);
  asking.set(name, now);
  now.done = Promise.all(earlier).then(() => replace(base, name, whole)).finally(() => asking.delete(name));
  return now.done;
}

/** Whether an answer for one part may bring the other: an older answer must not come after a newer one. */
function overlap(name, other) {
  const [part, place] = [partOf(name), partOf(other)];
  return !part || !place || part.contains(place) || place.contains(part);
}

/** The address of a fragment, with the threads of a list that are here as they are. */
function address(base, name, whole) {
  const query = new URLSearchParams(location.search);
  const here = whole ? [] : [...partOf(name).querySelectorAll("[data-thread][id]")].slice(0, MOST_KNOWN);
  if (name === "threads" && here.length) query.set("known", here.map((part) => part.dataset.thread).join("."));
  return `${base}${encodeURIComponent(name)}?${query}`;
}

function selector(name) {
  return `[data-fragment="${CSS.escape(name)}"]`;
}

/** Where a fragment stands (first), or null. */
export function partOf(name) {
  return document.querySelector(selector(name));
}

async function replace(base, name, whole) {
  if (!partOf(name)) return;
  const request = fetch(address(base, name, whole), { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
  const answer = await request.catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
  if (fresh?.dataset.fragment !== name) return;
  for (const part of document.querySelectorAll(selector(name))) {
    morph(part, fresh.cloneNode(true));
  }
  // Something that was here when we asked is not any more.
  if (partOf(name)?.querySelector("[data-known]")) await replace(base, name, true);
}
