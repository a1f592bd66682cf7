// The switch between the light and the dark theme, and remembering it.
const dark = matchMedia("(prefers-color-scheme: dark)");

export function watchThemeSwitch() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    remember(isDark() ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  addEventListener("load", show); // head.js may come later than this
  show();
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : dark.matches;
}

function remember(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Storage is closed to us: the theme lasts as long as the page.
  }
}
