// The frame of every page: the menu, the colour switch, search and jump, and copying a text with one click.

const menu = document.querySelector(".menu");
const jump = document.getElementById("jump");

function showTheme() {
  const theme = localStorage.getItem("theme") ?? "auto";
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

/** The dialog is in the page, so that what is typed at once goes into it, in place of the former question; its script
 * comes when it is wanted. */
function openJump() {
  if (document.querySelector("dialog[open]")) return;
  jump.showModal();
  jump.querySelector("input").select();
  import("../elements/jump-palette.js").then(({ begin }) => begin(jump));
}

document.addEventListener("click", (event) => {
  if (jump && event.target.closest("[data-jump]") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    openJump();
  }
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) {
    if (choice.dataset.themeChoice === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", choice.dataset.themeChoice);
    showTheme();
  }
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
  const copy = event.target.closest("button[data-copy]:not([data-copy=''])");
  if (copy) copyText(copy);
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) revealPassword(reveal);
});

document.addEventListener("keydown", (event) => {
  const isOurs = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  if (jump && isOurs && !event.defaultPrevented) {
    event.preventDefault();
    openJump();
  }
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

function revealPassword(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

async function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  source.select();
  let said = button.dataset.done;
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    said = button.dataset.selected; // no permission for the clipboard: the text is selected, so that Ctrl C takes it
  }
  button.querySelector("[data-said]").textContent = said;
  const status = button.nextElementSibling;
  if (status?.matches("[role=status]")) status.textContent = said;
}

showTheme();
