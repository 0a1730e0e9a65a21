// My work: tasks in place, and the page as it is now when one was told of something or comes back to it.
import "../elements/in-place.js";
import { keepFocus } from "../elements/task-forms.js";
import { renewPage } from "../net/page.js";

const renew = () => renewPage("my-work");

document.addEventListener("task-sent", ({ detail }) => renew().then(() => keepFocus(detail.task)));
document.addEventListener("notices-heard", renew);
document.addEventListener("pressing-sent", renew);
addEventListener("pageshow", ({ persisted }) => persisted && renew());
