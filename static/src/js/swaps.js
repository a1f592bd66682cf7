// After a part of the page was replaced: where the focus goes, and which day is in view.
let hadFocus = false;

export function watchSwaps() {
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    hadFocus = detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => keepFocus(detail.elt));
  document.addEventListener("htmx:load", ({ detail }) => showChosenDays(detail.elt));
  showChosenDays(document);
}

// htmx finds a focused element again by its id. For one without, the chosen day takes over, or
// else all that is new.
function keepFocus(place) {
  if (!hadFocus || document.activeElement !== document.body) return;
  hadFocus = false;
  const day = place.querySelector("[aria-current='date']");
  if (!day) place.tabIndex = -1;
  (day ?? place).focus({ preventScroll: true });
}

function showChosenDays(root) {
  for (const strip of root.querySelectorAll(".date-strip")) {
    const day = strip.querySelector("[aria-current], :checked")?.closest(".day");
    if (!day) continue;
    const [outer, inner] = [strip.getBoundingClientRect(), day.getBoundingClientRect()];
    strip.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  }
}
