// What is wrong with a form, beside its fields; what has no field stands at the end of the form.
import { words } from "./words.js";

let numbers = 0;

export function clearErrors(form) {
  for (const note of form.querySelectorAll("[data-wrong]")) note.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", (field.getAttribute("aria-describedby") ?? "").replace(/\s*wrong-\d+/g, ""));
  }
}

/** `errors` are messages by the name of their field. The first of them takes the focus. */
export function showErrors(form, errors) {
  clearErrors(form);
  let first = null;
  for (const [name, message] of Object.entries(errors)) {
    const field = [...form.elements].find((each) => each.name === name && each.type !== "hidden" && each.checkVisibility());
    const note = document.createElement("p");
    note.className = "error-text";
    note.id = `wrong-${(numbers += 1)}`;
    note.dataset.wrong = "";
    note.textContent = message;
    if (field) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());
      field.after(note);
      first ??= field;
    } else {
      note.setAttribute("role", "alert");
      form.append(note);
    }
  }
  first?.focus();
}

/** The messages of an answer that was not a yes, whatever went wrong. */
export function errorsOf({ status, body }) {
  return body?.errors ?? { "": words(status === 0 ? "notReached" : status === 403 || status === 404 ? "notAllowed" : "notSent") };
}
