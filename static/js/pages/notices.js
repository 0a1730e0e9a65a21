// The bell in the top bar: how many notices are new, live. A board hears it by its own socket; every other page opens
// one, once it has nothing more urgent to do.

const bell = document.querySelector("[data-bell]");
const MOST = 99;

function show(unseen) {
  const before = Number(bell.dataset.bell);
  bell.dataset.bell = String(unseen);
  const count = bell.querySelector(".count");
  count.hidden = !unseen;
  count.textContent = unseen > MOST ? `${MOST}+` : String(unseen);
  const words = unseen ? (unseen === 1 ? bell.dataset.one : bell.dataset.many.replace("#", unseen)) : bell.dataset.none;
  bell.querySelector("[data-words]").textContent = words;
  if (unseen > before) document.querySelector("[data-bell-said]").textContent = words;
}

async function listen() {
  const { io } = await import("../../vendor/socket.js");
  const socket = io({
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 1000,
    reconnectionDelayMax: 30_000,
  });
  const stop = () => socket.disconnect();
  let heard = false;
  socket.on("notices.changed", ({ unseen }) => {
    const isNews = heard || unseen !== Number(bell.dataset.bell); // the first tells how it stands, which the page knows
    heard = true;
    show(unseen);
    if (isNews) document.dispatchEvent(new CustomEvent("notices-heard"));
  });
  socket.on("session.ended", stop);
  socket.on("connect_error", (error) => error.description === 401 && stop());
  document.addEventListener("visibilitychange", () => !document.hidden && socket.connect());
}

if (bell) {
  document.addEventListener("notices-changed", ({ detail }) => show(detail.unseen));
  if (!document.querySelector("[data-plan][data-user]")) {
    if (window.requestIdleCallback) requestIdleCallback(listen, { timeout: 3000 });
    else setTimeout(listen, 500);
  }
}
