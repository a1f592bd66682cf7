// Times: the visitor's own beside the place's, and what is left of a time that runs out.
import { say, words } from "./words.js";

// English pages write the day before the month, as the server does.
const LANGUAGE = document.documentElement.lang.replace(/^en$/, "en-GB");
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { weekday: "short", day: "numeric", month: "short" };

export function showTimes(root) {
  for (const moment of root.querySelectorAll("time[data-zone]")) showOwnTime(moment);
  for (const countdown of root.querySelectorAll("[data-countdown]")) showLeft(countdown);
}

export function startClock() {
  setInterval(() => {
    for (const countdown of document.querySelectorAll("[data-countdown]")) showLeft(countdown);
  }, 1000);
}

function showOwnTime(moment) {
  const { style, zone } = moment.dataset;
  if (style === "date" || moment.querySelector(".moment__yours")) return;
  const at = new Date(moment.dateTime);
  if (written(at, OWN_ZONE, TIME) === written(at, zone, TIME)) return;
  const isSameDay = written(at, OWN_ZONE, DAY) === written(at, zone, DAY);
  // In a choice of many times there is room for the time alone; a note says whose it is.
  const isBrief = Boolean(moment.closest(".times"));
  const day = isSameDay ? {} : isBrief ? { weekday: "short" } : DAY;
  const yours = written(at, OWN_ZONE, { ...day, ...TIME });
  const own = document.createElement("span");
  own.className = "moment__yours";
  own.textContent = ` (${isBrief ? yours : say("yours", yours)})`;
  moment.append(own);
}

function written(at, timeZone, style) {
  return new Intl.DateTimeFormat(LANGUAGE, { ...style, timeZone }).format(at);
}

function showLeft(countdown) {
  const left = Math.round((new Date(countdown.dateTime) - Date.now()) / 1000);
  countdown.textContent = left > 0 ? say("left", clock(left)) : words.over;
  countdown.classList.toggle("countdown--over", left <= 0);
}

function clock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, i) => String(part).padStart(i ? 2 : 1, "0")).join(":");
}
