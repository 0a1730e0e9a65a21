// A page with alerts on it: as they stand now when one is told of something, sent something or comes back to it.
import "../elements/in-place.js";
import { renewPage } from "../net/page.js";

const renew = () => renewPage("waiting-alerts");

document.addEventListener("notices-heard", renew);
document.addEventListener("pressing-sent", renew);
addEventListener("pageshow", ({ persisted }) => persisted && renew());
