// The corner of every page: who is signed in gets a menu, which only the server can make. Others
// have the links that stand there already, and no request is made for them.
import htmx from "htmx.org";

export function watchAccount() {
  const place = document.getElementById("account-menu");
  const isSignedIn = document.cookie.includes("signed_in=");
  if (place && isSignedIn) htmx.ajax("GET", place.dataset.menu, { target: place, swap: "innerHTML" });
  document.addEventListener("click", (event) => {
    const entrance = event.target.closest("a[data-leads-back]");
    if (entrance) leadBack(entrance);
  });
}

// From signing in itself there is no way back.
function leadBack(entrance) {
  const { pathname, search } = location;
  if (pathname.includes("/accounts/")) return;
  entrance.search = new URLSearchParams({ next: pathname + search });
}
