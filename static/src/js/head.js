// Runs as soon as it is there, which the page's styles rarely are before it: which theme is
// remembered, and whether somebody is signed in.
const root = document.documentElement;
if (document.cookie.includes("signed_in=")) root.classList.add("is-signed-in");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's theme it is.
}
