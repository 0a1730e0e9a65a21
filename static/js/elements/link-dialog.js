// Asks for the address of a link, and puts it around the selected words or into the link at the caret.
import { insertLink, linkAt, safeAddress } from "../editor/links.js";

const dialog = document.getElementById("link-dialog");
const input = dialog.querySelector("input");
let view = null;

document.addEventListener("wants-link", ({ detail }) => {
  view = detail.view;
  input.value = linkAt(view.state, view.state.selection.main.from)?.address ?? "";
  input.setCustomValidity("");
  dialog.showModal();
});

dialog.querySelector("form").addEventListener("submit", (event) => {
  if (event.submitter?.value !== "ok") return;
  const address = complete(input.value.trim());
  if (!safeAddress(address)) {
    event.preventDefault();
    input.setCustomValidity(dialog.dataset.wrong);
    input.reportValidity();
    return;
  }
  insertLink(view, address);
});

input.addEventListener("input", () => input.setCustomValidity(""));
dialog.addEventListener("close", () => view?.focus());

/** What people type is often no more than a host or an email address. */
function complete(words) {
  if (/^[a-z][a-z+.-]*:/i.test(words)) return words;
  if (/^[^\s@]+@[^\s@]+$/.test(words)) return `mailto:${words}`;
  if (/^\+?[\d\s()/-]{5,}$/.test(words)) return `tel:${words.replace(/[^\d+]/g, "")}`;
  return words ? `https://${words}` : "";
}
