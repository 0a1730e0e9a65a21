// This week: a tick is sent in place, and the card comes back as it is now. Without this script the same forms lead to
// the same page.

const notices = () => document.querySelector(".notices");

async function send(form, button) {
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const answer = await fetch(address, { method: "POST", body: new FormData(form, button), headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page?.getElementById("week");
  if (answer && !fresh) return location.reload(); // signed out, or the plan is another one now: the page says so
  if (!answer) return say(document.getElementById("week").dataset.failed);
  const step = form.closest("li").id;
  const id = button?.id;
  document.getElementById("week").replaceWith(fresh);
  notices().replaceChildren(...page.querySelector(".notices").childNodes);
  const place = (id && document.getElementById(id)) || document.querySelector(`#${CSS.escape(step)} :is(summary, button)`);
  place?.focus({ preventScroll: true });
}

function say(words) {
  const line = document.createElement("p");
  line.className = "notice bad";
  line.textContent = words;
  notices().replaceChildren(line);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-week]");
  if (!form) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  send(form, event.submitter).finally(() => {
    form.ariaBusy = null;
  });
});
