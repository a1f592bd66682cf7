// Buttons beside a number that take one away and add one, within its limits.
export function watchSteppers() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    const input = button?.closest("[data-stepper]").querySelector("input");
    if (!input) return;
    if (Number(button.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
