// Toasts: short words on what just happened. They stay until dismissed or read.
const STAYS = 8000;

export function watchToasts() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".toast")?.remove();
  });
  // A server's answer may say something: HX-Trigger: {"toast": {"text": …, "tone": …}}.
  document.addEventListener("toast", ({ detail }) => toast(detail.text, detail.tone));
}

export function toast(text, tone = "neutral") {
  const made = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  made.className = `toast toast--${tone}`;
  made.querySelector(".toast__text").textContent = text;
  document.getElementById("toasts").append(made);
  leaveWhenRead(made);
}

function leaveWhenRead(made) {
  setTimeout(() => {
    if (made.matches(":hover, :focus-within")) leaveWhenRead(made);
    else made.remove();
  }, STAYS);
}
