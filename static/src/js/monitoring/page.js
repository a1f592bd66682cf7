// The pages of monitoring as time goes on: every 10 seconds the page is asked again, and what it
// says anew replaces what it said, without moving anything else.
import { drawCharts } from "./charts.js";
import { say } from "./saying.js";

const EVERY = 10_000;

const charts = drawCharts(document.querySelector("[data-charts]"));
const pause = document.querySelector("[data-pause]");

let isPaused = false;
let isAsking = false;

pause?.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  if (isPaused) say("paused");
  else refresh();
});

// A time that is over does not change; of one that ends now, there is always more.
if (pause) {
  say("updated");
  setInterval(() => {
    if (!isPaused && !document.hidden) refresh();
  }, EVERY);
}

async function refresh() {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
    replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    await charts?.update();
    if (!isPaused) say("updated");
  } catch {
    say("offline");
  } finally {
    isAsking = false;
  }
}

function replace(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (!now) continue;
    if (now.dataset.series) part.dataset.series = now.dataset.series;
    if (part.innerHTML !== now.innerHTML && !part.contains(document.activeElement)) {
      part.replaceChildren(...now.childNodes);
    }
  }
}
