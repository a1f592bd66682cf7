// Stands in every page itself and runs before it is drawn: that there is script, which theme is
// remembered, and whether somebody is signed in.
const root = document.documentElement;
root.classList.add("has-script");
if (document.cookie.includes("signed_in=")) root.classList.add("is-signed-in");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // Storage is closed to us: the system's theme it is.
}
