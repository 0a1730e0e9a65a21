// My tasks: forms in place; after each, and when one was told of something, the page is asked again and morphed in.
import { keepFocus } from "../elements/task-forms.js";
import { renewPage } from "../net/page.js";

const renew = () => renewPage("my-tasks");

document.addEventListener("task-sent", ({ detail }) => renew().then(() => keepFocus(detail.task)));
document.addEventListener("notices-heard", () => !document.getElementById("bulk") && renew()); // while choosing, nothing moves
addEventListener("pageshow", ({ persisted }) => persisted && renew());
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-choose-all]")) return;
  for (const box of document.querySelectorAll("input[name=task][form=bulk]")) box.checked = target.checked;
});
document.getElementById("outcomes-title")?.focus();
