// htmx, and what is said when a request of its fails. Its settings stand in base.html.
import htmx from "htmx.org";
import { toast } from "./toasts.js";
import { words } from "./words.js";

window.htmx = htmx;
document.addEventListener("htmx:sendError", () => toast(words.offline, "danger"));
document.addEventListener("htmx:responseError", () => toast(words.failed, "danger"));
