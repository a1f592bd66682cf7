// Where somebody is, if they let the browser tell: written into two fields, to a hundred metres.
const DIGITS = 3;
const PATIENCE = { timeout: 10_000, maximumAge: 600_000 };

export function watchWhere() {
  offer(document);
  document.addEventListener("htmx:load", (event) => offer(event.detail.elt));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-where]");
    if (button) locate(button);
  });
}

function offer(root) {
  if (!navigator.geolocation) return;
  for (const button of root.querySelectorAll("[data-where]")) button.hidden = false;
}

function locate(button) {
  const answer = button.parentElement.querySelector("[role=status]");
  button.disabled = true;
  answer.textContent = "";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.disabled = false;
      for (const name of ["latitude", "longitude"]) {
        button.form.elements[name].value = coords[name].toFixed(DIGITS);
      }
      button.form.elements.longitude.dispatchEvent(new Event("change", { bubbles: true }));
    },
    () => {
      button.disabled = false;
      answer.textContent = button.dataset.refused;
    },
    PATIENCE,
  );
}
