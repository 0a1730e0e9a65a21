// The board view: a task is dragged to another column; its twin for the keyboard is the menu "Move to…".

let dragged = null;

function column(event) {
  return event.target.closest?.("[data-column]");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-columns] [data-task]");
  if (!dragged) return;
  event.dataTransfer.setData("text/plain", dragged.querySelector(".row-link").textContent);
  event.dataTransfer.effectAllowed = "move";
  dragged.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const over = dragged && column(event);
  for (const each of document.querySelectorAll(".column.target")) if (each !== over) each.classList.remove("target");
  if (!over || over.dataset.column === dragged.dataset.state) return;
  event.preventDefault();
  over.classList.add("target");
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  for (const each of document.querySelectorAll(".column.target")) each.classList.remove("target");
  dragged = null;
});

document.addEventListener("drop", (event) => {
  const to = dragged && column(event)?.dataset.column;
  if (!to || to === dragged.dataset.state) return;
  event.preventDefault();
  if (to === "not_done") return askWhy(dragged);
  const button = dragged.querySelector(`form[data-move] button[value="${to}"]`);
  button.form.requestSubmit(button);
});

/** Not done needs a reason: its field opens where the task is. */
function askWhy(task) {
  task.querySelector("[data-menu]").open = true;
  task.querySelector("[data-not-done] input[name=reason]").focus();
}
