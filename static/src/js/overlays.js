// Dialogs open by what names them, menus close when one turns away. Sheets need no script.
export function watchOverlays() {
  document.addEventListener("click", (event) => {
    openDialog(event);
    closeDialog(event);
    closeMenus(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
}

function openDialog(event) {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!(dialog instanceof HTMLDialogElement) || event.ctrlKey || event.metaKey) return;
  event.preventDefault(); // a link leads to the same question as a page, without script
  dialog.showModal();
}

function closeDialog(event) {
  const outside = event.target instanceof HTMLDialogElement && event.target;
  const closer = event.target.closest("[data-close]");
  (outside || closer?.closest("dialog"))?.close();
}

function closeMenus(clicked) {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (clicked && menu.contains(clicked)) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus && !clicked) menu.querySelector("summary").focus();
  }
}
