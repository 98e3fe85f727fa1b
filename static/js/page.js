// What every page may carry: the error summary takes the focus, links can be copied, the
// main deed is done by keyboard.
const summary = document.querySelector("[data-focus]");
if (summary) {
  summary.focus();
  document.title = document.title.startsWith("错误：") ? document.title : `错误：${document.title}`;
}

// The main deed of a page, by Ctrl+Enter.
const main = document.querySelector("[data-main]");
if (main) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      main.click();
    }
  });
}

// A link to this page, or a text that the button carries; cards come later than this script.
for (const button of document.querySelectorAll("[data-copy-link],[data-copy]")) button.hidden = false;
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy-link],[data-copy]");
  if (!button) return;
  const label = button.textContent;
  const { copy } = button.dataset;
  button.textContent = (await copied(copy ?? location.href)) ? "已复制" : copy ? "请选中文字复制" : "请从地址栏复制";
  setTimeout(() => (button.textContent = label), 2000);
});

// What shows where a number comes from is fetched with the first number that is asked about.
document.addEventListener("click", askForProvenance, true);
async function askForProvenance(event) {
  const link = event.target.closest?.("a[data-value]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  document.removeEventListener("click", askForProvenance, true);
  event.preventDefault();
  event.stopImmediatePropagation();
  await import(document.body.dataset.provenance).catch(() => {});
  link.click();
}

for (const button of document.querySelectorAll("[data-print-page]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Paper cannot be unfolded, and says when it was printed; the tables behind charts stay folded.
const FOLDED = "main details:not([open], .chart-table, .filters, .phrases, .aim, .pick)";
let unfolded = [];
window.addEventListener("beforeprint", () => {
  const now = new Date().toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }).slice(0, 16);
  for (const time of document.querySelectorAll("[data-now]")) time.textContent = now;
  unfolded = [...document.querySelectorAll(FOLDED)];
  for (const one of unfolded) one.open = true;
});
window.addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
});

// The clipboard interface exists only on https and on this machine; intranet pages use the old command.
async function copied(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
