// What the pages of social posts can do with script: count while one writes, and move by hand.
import { watchCounters } from "./counting.js";
import { watchCalendar } from "./calendar.js";

watchCounters();
watchCalendar();
