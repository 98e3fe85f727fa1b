// The sheet: a button beside Ctrl+P, and the hour of printing, not that of opening the page.
const button = document.querySelector("[data-print]");
const printed = document.querySelector("[data-printed]");
const opened = new Date(printed.dateTime),
  since = performance.now();
button.hidden = false;
button.addEventListener("click", () => window.print());
window.addEventListener("beforeprint", () => {
  // the server's clock, moved on by the time that the page has stood open
  const now = new Date(opened.getTime() + performance.now() - since);
  printed.dateTime = now.toISOString();
  printed.textContent = now.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
});
