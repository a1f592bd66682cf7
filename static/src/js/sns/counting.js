// Counters beside a text, one for each account that it goes to. The server counts again.
import { measure } from "./units.js";

export function watchCounters() {
  document.addEventListener("input", ({ target }) => countFor(target));
  document.addEventListener("change", ({ target }) => {
    if (target.name === "accounts") countAll(document);
  });
  document.addEventListener("htmx:load", ({ detail }) => countAll(detail.elt));
  countAll(document);
}

function countAll(root) {
  for (const place of root.querySelectorAll("[data-counts]")) {
    const source = document.getElementById(place.dataset.counts);
    if (source) count(place, source.value);
  }
}

function countFor(field) {
  if (!field.id) return;
  for (const place of document.querySelectorAll(`[data-counts="${field.id}"]`)) {
    count(place, field.value);
  }
}

function count(place, text) {
  for (const counter of place.querySelectorAll("[data-unit]")) {
    const account = document.querySelector(`[name="accounts"][value="${counter.dataset.account}"]`);
    counter.hidden = Boolean(account) && !account.checked;
    const length = measure(text, counter.dataset);
    const most = Number(counter.dataset.most);
    counter.querySelector("[data-length]").textContent = length;
    counter.classList.toggle("counter--over", most > 0 && length > most && !counter.dataset.threads);
  }
}
