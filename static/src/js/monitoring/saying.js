// What is said about the page itself: when it was updated last, that it is paused, or unreachable.
const place = document.querySelector("[data-said]");
const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

export function say(what) {
  if (!place) return;
  const timeZone = place.closest("[data-zone]").dataset.zone;
  const time = new Intl.DateTimeFormat("en-GB", { ...TIME, timeZone }).format(Date.now());
  // Every 10 seconds is no news to who listens; being unreachable is.
  place.setAttribute("aria-live", what === "updated" ? "off" : "polite");
  place.textContent = place.dataset[what].replace("{time}", time);
}
