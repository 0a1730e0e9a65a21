// Words that could not be saved are kept beside their section, to copy or let go; and what the page says when the
// board is closed.
import { words } from "./words.js";

const panel = document.getElementById("ended");

document.addEventListener("document-draft", ({ target, detail }) => {
  keep(target, detail.text, words(`draft_${detail.reason}`, {}, words("draft")));
});

document.addEventListener("document-withdrawn", ({ target, detail }) => {
  keep(target, detail.text, words("withdrawn"));
});

document.addEventListener("document-damaged", ({ target, detail: isDamaged }) => {
  const said = target.previousElementSibling;
  if (said?.matches("[data-damaged]")) said.remove();
  if (isDamaged) target.before(document.getElementById("damaged").content.cloneNode(true));
});

document.addEventListener("board-ended", ({ detail }) => {
  panel.querySelector("[data-why]").textContent = words(`ended_${detail.reason}`);
  panel.querySelector("[data-sign-in]").hidden = !detail.leadsBack;
  panel.querySelector("[data-comes-back]").hidden = !detail.leadsBack;
  panel.hidden = false;
  panel.querySelector("h2").focus();
  for (const editor of detail.editors) {
    if (editor.live?.waiting) keep(editor, editor.text, words("draft_ended"), true);
  }
});

// What waited is sent now, so its copies go.
document.addEventListener("board-resumed", () => {
  panel.hidden = true;
  for (const note of document.querySelectorAll("[data-draft=waiting]")) note.remove();
});

function keep(editor, text, why, isWaiting = false) {
  const note = document.getElementById("draft").content.cloneNode(true).firstElementChild;
  note.dataset.draft = isWaiting ? "waiting" : "kept";
  note.querySelector("[data-why]").textContent = why;
  const field = note.querySelector("textarea");
  field.value = text;
  field.id = `draft-${editor.dataset.doc}-${Date.now()}`;
  note.querySelector("label").htmlFor = field.id;
  note.querySelector("[data-copy]").dataset.copy = field.id;
  note.querySelector("[data-discard]").addEventListener("click", () => note.remove());
  editor.before(note);
}
