// Forms that only look for something: their address holds what was asked for, and no blanks.
export function watchSearches() {
  // Fired for the browser's own submit, and for htmx, which reads forms the same way.
  document.addEventListener("formdata", ({ target, formData }) => {
    if (target.method !== "get") return;
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
  document.addEventListener("submit", ({ target }) => target.closest("[popover]")?.hidePopover());
}
