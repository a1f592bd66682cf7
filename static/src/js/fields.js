// Looks at a field when one leaves it, in the words the server would use (data-* of the field),
// and lets a form be sent only once.
const MISTAKES = ["valueMissing", "badInput", "typeMismatch", "rangeUnderflow", "rangeOverflow"];

export function watchFields() {
  document.addEventListener("focusout", ({ target }) => check(target, { strict: false }));
  document.addEventListener("input", ({ target }) => {
    if (target.getAttribute("aria-invalid") === "true") check(target, { strict: true });
  });
  document.addEventListener("invalid", onRefused, true);
  document.addEventListener("submit", markBusy);
  // Back to a page the browser kept: nothing is being sent any more.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });
}

// Leaving an empty field is no mistake yet: one may be reading on. Sending it is.
function check(input, { strict }) {
  const field = input.closest?.(".field");
  const place = field?.querySelector("[data-error]");
  if (!place || !input.validity) return;
  if (!strict && input.validity.valueMissing) return;
  show(input, field, place, mistakeIn(input, field));
}

function mistakeIn(input, field) {
  if (input.validity.valid) return "";
  const known = MISTAKES.find((mistake) => input.validity[mistake] && field.dataset[mistake]);
  return known ? field.dataset[known] : input.validationMessage;
}

function show(input, field, place, message) {
  const box = place.closest(".field__error");
  place.textContent = message;
  box.hidden = !message;
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const described = new Set(others.filter((id) => id !== box.id));
  if (message) described.add(box.id);
  input.setAttribute("aria-describedby", [...described].join(" "));
}

// The browser found a mistake on sending: say it under the field, go to the first.
function onRefused(event) {
  const field = event.target.closest(".field");
  if (!field?.querySelector("[data-error]")) return;
  event.preventDefault();
  check(event.target, { strict: true });
  const first = event.target.form?.querySelector(":invalid:not(fieldset)");
  if (first === event.target) first.focus();
}

function markBusy(event) {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.submitter?.ariaBusy === "true") event.preventDefault();
  else event.submitter?.setAttribute("aria-busy", "true");
}
