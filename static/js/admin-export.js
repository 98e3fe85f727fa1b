// One box ticks or clears all columns of an export.
const all = document.querySelector("[data-select-all]");
all?.addEventListener("change", () => {
  for (const box of document.querySelectorAll("[resource-index] input[type=checkbox]")) {
    box.checked = all.checked;
  }
});
