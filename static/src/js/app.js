// What pages can do with script. Every page works without; this makes it quicker and kinder.
import "./htmx.js";
import { watchAccount } from "./account.js";
import { watchFields } from "./fields.js";
import { watchOverlays } from "./overlays.js";
import { watchThemeSwitch } from "./theme-switch.js";
import { showTimes, startClock } from "./times.js";
import { watchToasts } from "./toasts.js";
import { watchCopying } from "./copying.js";
import { watchSteppers } from "./steppers.js";
import { watchSearches } from "./searching.js";
import { watchSwaps } from "./swaps.js";

watchThemeSwitch();
watchAccount();
watchToasts();
watchOverlays();
watchCopying();
watchSteppers();
watchFields();
watchSearches();
watchSwaps();
startClock();
showTimes(document);
document.addEventListener("htmx:load", (event) => showTimes(event.detail.elt));

// A chart is a library of its own, which only pages with charts load.
if (document.querySelector("[data-charts], [data-pulse]")) import("./monitoring/page.js");
if (document.querySelector("[data-counts], [data-calendar]")) import("./sns/page.js");
if (document.querySelector("[data-where]")) import("./where.js").then(({ watchWhere }) => watchWhere());
