// A page asked for again, under its own rights, and the part of it that is live morphed in.
import { morph } from "./fragments.js";

let asking = null;
let next = null;

/** Renew the element of this id from its `data-address`. One question at a time: changes during it ask once more. */
export function renewPage(id) {
  if (asking) {
    next ??= asking.then(() => {
      next = null;
      return renewPage(id);
    });
    return next;
  }
  asking = ask(id).finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(id) {
  const request = { headers: { "X-Requested-With": "fetch" }, redirect: "error" };
  const answer = await fetch(document.getElementById(id).dataset.address, request).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (fresh) morph(document.getElementById(id), fresh);
}
