// Forms about what presses are sent where they stand: what shows them is refreshed, and what was typed stays when the
// server says no.
import { send } from "../net/send.js";
import { clearErrors, showErrors } from "./field-errors.js";

async function submit(form, button) {
  if (form.dataset.busy !== undefined) return;
  const fields = new FormData(form, button);
  form.dataset.busy = "";
  const answer = await send(form.getAttribute("action"), fields);
  delete form.dataset.busy;
  if (answer.status === 401) return form.submit(); // the page that comes gives the words back
  if (!answer.ok) return showErrors(form, answer.body?.errors ?? { "": form.dataset.failed });
  clearErrors(form);
  form.reset();
  form.removeAttribute("data-draft");
  form.closest("details")?.removeAttribute("open");
  document.dispatchEvent(new CustomEvent("pressing-sent"));
  const rest = document.querySelector(".alarm textarea, .question summary") ?? document.getElementById("main");
  if (!document.activeElement || document.activeElement === document.body || form.contains(document.activeElement)) rest.focus({ preventScroll: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-in-place]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  submit(form, event.submitter);
});

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-in-place]");
  if (form && target.matches("textarea")) form.toggleAttribute("data-draft", target.value.trim() !== target.defaultValue.trim());
});
