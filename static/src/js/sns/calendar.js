// Moving a post to another day: dragged, or by Shift and an arrow key. Each entry has a form that
// does the same without script.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

let focusNext = null; // the entry that was moved, once the calendar was made anew

export function watchCalendar() {
  document.addEventListener("dragstart", onDragStart);
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("dragleave", ({ target }) => delete dayOf(target)?.dataset.over);
  document.addEventListener("drop", onDrop);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:afterSettle", keepFocus);
}

const entryOf = (target) => target.closest?.("[data-moves]");
const dayOf = (target) => target.closest?.("[data-day]");

function onDragStart(event) {
  const entry = entryOf(event.target);
  if (!entry) return;
  event.dataTransfer.setData("text/plain", entry.id);
  event.dataTransfer.effectAllowed = "move";
}

function onDragOver(event) {
  const day = dayOf(event.target);
  if (!day) return;
  event.preventDefault();
  day.dataset.over = "";
}

function onDrop(event) {
  const day = dayOf(event.target);
  const entry = document.getElementById(event.dataTransfer.getData("text/plain"));
  if (!day || !entry?.dataset.moves) return;
  event.preventDefault();
  delete day.dataset.over;
  move(entry, day.dataset.day);
}

function onKey(event) {
  const entry = entryOf(event.target);
  const days = STEPS[event.key];
  if (!entry || !days || !event.shiftKey) return;
  event.preventDefault();
  move(entry, shifted(dayOf(entry).dataset.day, days));
}

function shifted(day, days) {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function move(entry, day) {
  if (day === dayOf(entry).dataset.day) return;
  const form = document.getElementById(entry.dataset.moves);
  form.elements.day.value = day;
  focusNext = entry.id;
  form.requestSubmit();
}

function keepFocus() {
  if (!focusNext) return;
  document.getElementById(focusNext)?.focus();
  focusNext = null;
}
