// My tasks: forms in place; after each, the page is asked again and morphed in.
import { Idiomorph } from "../../vendor/morph.js";
import { keepFocus } from "../elements/task-forms.js";

async function renew({ task }) {
  const answer = await fetch(document.getElementById("my-tasks").dataset.address, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  Idiomorph.morph(document.getElementById("my-tasks"), page.getElementById("my-tasks"), { morphStyle: "outerHTML" });
  keepFocus(task);
}

document.addEventListener("task-sent", ({ detail }) => renew(detail));
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-choose-all]")) return;
  for (const box of document.querySelectorAll("input[name=task][form=bulk]")) box.checked = target.checked;
});
document.getElementById("outcomes-title")?.focus();
