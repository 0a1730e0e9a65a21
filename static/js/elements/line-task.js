// A task made of a line of a text, or of the words selected in it: the short form beside the plan begins with them.
import { wordsIn } from "../editor/anchors.js";

const LONGEST = 200;

let view = null;
let form = null;

/** Fill the form in from where the caret of an editor is, and go there. Without the form nothing can be assigned. */
export function begin(editor, panel) {
  form ??= listenTo(panel.place.querySelector("form[data-quick]"), panel);
  if (!form) return;
  view = editor.view;
  panel.tools?.hide();
  panel.show("panel-tasks");
  const { title, section } = form.elements;
  title.value = plain(view.state);
  section.value = editor.dataset.section;
  form.querySelector("[data-origin] span").textContent = panel.board.titles.get(editor.dataset.section);
  tell();
  title.focus();
  title.select();
}

function listenTo(found, panel) {
  found?.addEventListener("input", ({ target }) => {
    if (target.name === "title" && !target.value) forget();
    else tell();
  });
  found?.addEventListener("task-sent", ({ detail }) => detail.ok && leave(panel));
  found?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !view) return;
    event.preventDefault();
    found.reset();
    leave(panel);
  });
  return found;
}

/** Back to the text it began in. */
function leave(panel) {
  const where = view;
  forget();
  if (!where) return;
  panel.close();
  where.focus();
}

/** The task is no longer one of that line. */
function forget() {
  view = null;
  form.elements.section.value = "";
  tell();
}

/** Where it comes from is said, and goes along to the long form. */
function tell() {
  const { title, section } = form.elements;
  const link = form.querySelector("[data-long]");
  const address = new URL(link.href);
  for (const field of [title, section]) address.searchParams.set(field.name, field.value);
  link.href = address.href;
  form.querySelector("[data-origin]").hidden = !section.value;
}

/** The selected words, or those of the line, without their Markdown. */
function plain({ selection: { main }, doc }) {
  const { from, to } = main.empty ? doc.lineAt(main.head) : main;
  const text = doc.toString();
  const place = wordsIn(text, from, to);
  const words = place ? text.slice(place.from, place.to) : "";
  const bare = words.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\*\*|__|[*`]/g, "");
  return bare.split(/\s+/).join(" ").slice(0, LONGEST);
}
