// What the pages of social posts can do with script: count while one writes, and move by hand.
import { watchCalendar } from "./calendar.js";
import { watchCounters } from "./counting.js";

watchCounters();
watchCalendar();

// Pictures that were taken as soon as they were chosen don't go with the form once more.
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target.type === "file" && detail.successful) target.value = "";
});
