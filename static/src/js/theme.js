// Sets the remembered theme before the page is drawn; app.js has the switch.
const root = document.documentElement;
root.classList.add("has-script");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's theme it is.
}
