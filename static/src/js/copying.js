// Copies the code beside the button.
import { toast } from "./toasts.js";
import { words } from "./words.js";

export function watchCopying() {
  document.addEventListener("click", async (event) => {
    const code = event.target.closest("[data-copy]")?.parentElement.querySelector("code");
    if (!code) return;
    try {
      await navigator.clipboard.writeText(code.textContent);
      toast(words.copied, "positive");
    } catch {
      getSelection().selectAllChildren(code); // at least ready for the keyboard
    }
  });
}
