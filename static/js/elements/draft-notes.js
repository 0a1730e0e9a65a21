// Words that could not be saved are kept beside their section, to copy or let go.
import { words } from "./words.js";

document.addEventListener("document-draft", ({ target, detail }) => {
  keep(target, detail.text, words(`draft_${detail.reason}`, {}, words("draft")));
});

document.addEventListener("board-ended", ({ detail }) => {
  const panel = document.getElementById("ended");
  panel.querySelector("[data-why]").textContent = words(`ended_${detail.reason}`);
  panel.querySelector("[data-sign-in]").hidden = detail.reason === "removed";
  panel.hidden = false;
  panel.querySelector("h2").focus();
  for (const editor of detail.editors) {
    if (editor.live?.waiting) keep(editor, editor.text, words("draft_ended"));
  }
});

function keep(editor, text, why) {
  const note = document.getElementById("draft").content.cloneNode(true).firstElementChild;
  note.querySelector("[data-why]").textContent = why;
  const field = note.querySelector("textarea");
  field.value = text;
  field.id = `draft-${crypto.randomUUID?.() ?? Date.now()}`;
  note.querySelector("label").htmlFor = field.id;
  note.querySelector("[data-copy]").dataset.copy = field.id;
  note.querySelector("[data-discard]").addEventListener("click", () => note.remove());
  editor.before(note);
}
