// A page asked for again, under its own rights, and the part of it that is live morphed in.
import { morph } from "./fragments.js";

let asking = null;
let again = false;

/** Renew the element of this id from its `data-address`. One question at a time: a change during it asks once more. */
export function renewPage(id) {
  again = asking !== null;
  asking ??= ask(id).finally(() => {
    asking = null;
  });
  return asking;
}

async function ask(id) {
  do {
    again = false;
    const answer = await fetch(document.getElementById(id).dataset.address, { redirect: "error" }).catch(() => null);
    const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    if (fresh) morph(document.getElementById(id), fresh);
  } while (again);
}
