// Runs before the first paint: says that scripts run, and sets the colours chosen on this browser.
document.documentElement.classList.add("scripted");
const chosen = localStorage.getItem("theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
