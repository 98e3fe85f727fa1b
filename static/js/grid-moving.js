// Moves through the table with the keys and takes steps back. Saving is that of every form.
const grid = document.querySelector("[data-grid]");
const CELLS = "[data-cell]";
const done = []; // steps, each a function that takes it back
let from = ""; // what the cell in focus held when it was entered
const here = document.querySelector("[data-here]");

document.addEventListener("grid:done", ({ detail }) => done.push(detail.back));
grid?.addEventListener("focusin", ({ target }) => {
  if (!target.matches(CELLS)) return;
  from = textOf(target);
  tell(target);
});
grid?.addEventListener("focusout", ({ target }) => target.matches(CELLS) && leave(target));
grid?.addEventListener("input", ({ target }) => target.matches(CELLS) && tell(target));
document.addEventListener("grid:shown", () => document.activeElement?.matches(CELLS) && tell(document.activeElement));

grid?.addEventListener("keydown", (event) => {
  const cell = event.target.closest(CELLS);
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "z" && !event.shiftKey) stepBack(cell);
  else if (!cell || control) return;
  else if (event.key === "Escape") restore(cell);
  else if (event.key === "Enter" && event.altKey) breakLine(cell);
  else if (event.altKey) return;
  else if (event.key === "Enter") move(cell, event.shiftKey ? -1 : 1);
  else if (!steps(cell, event.key)) return;
  event.preventDefault();
});

// Arrows leave a cell whose text is selected as a whole, or at its end; a list keeps ↑ and ↓.
function steps(cell, key) {
  const isText = cell.matches("input:not([type=checkbox]), textarea");
  const isWhole = !isText || (cell.selectionStart === 0 && cell.selectionEnd === cell.value.length);
  const atStart = !isText || cell.selectionEnd === 0;
  const atEnd = !isText || cell.selectionStart === cell.value.length;
  if (key === "ArrowDown" && cell.tagName !== "SELECT") return (isWhole || atEnd || isLine(cell)) && move(cell, 1);
  if (key === "ArrowUp" && cell.tagName !== "SELECT") return (isWhole || atStart || isLine(cell)) && move(cell, -1);
  if (key === "ArrowRight") return (isWhole || atEnd) && beside(cell, 1);
  if (key === "ArrowLeft") return (isWhole || atStart) && beside(cell, -1);
  return false;
}

const isLine = (cell) => cell.tagName === "INPUT";
const rowOf = (cell) => cell.closest("tr");
const placeOf = (cell) => [...rowOf(cell).children].indexOf(cell.closest("td"));
const cellsIn = (row) => [...row.querySelectorAll(CELLS)].filter((one) => one.offsetParent);

// Rows that take no entries are passed over, and columns that a row has not end at its last cell.
function move(cell, way) {
  const rows = [...grid.querySelectorAll("[data-row]")].filter((row) => cellsIn(row).length);
  const row = rows[rows.indexOf(rowOf(cell)) + way];
  if (row) enter(row.children[placeOf(cell)]?.querySelector(CELLS) ?? cellsIn(row).at(-1));
  return true;
}

function beside(cell, way) {
  const cells = cellsIn(rowOf(cell));
  const next = cells[cells.indexOf(cell) + way];
  if (next) enter(next);
  return Boolean(next);
}

function enter(cell) {
  cell.focus();
  cell.select?.();
}

function restore(cell) {
  if (textOf(cell) !== from) write(cell, from);
}

function leave(cell) {
  const before = from;
  if (textOf(cell) !== before) done.push(() => write(cell, before));
  from = textOf(cell);
}

function stepBack(cell) {
  if (cell && textOf(cell) !== from) return restore(cell);
  done.pop()?.();
}

function write(cell, text) {
  cell.form.dispatchEvent(new CustomEvent("fill:write", { detail: { name: cell.name, text }, bubbles: true }));
  enter(cell);
  from = textOf(cell);
}

function breakLine(cell) {
  if (cell.tagName !== "TEXTAREA") return;
  cell.setRangeText("\n", cell.selectionStart, cell.selectionEnd, "end");
  cell.dispatchEvent(new Event("input", { bubbles: true }));
}

// The bar repeats the cell in focus in full; a preview says there what it would write.
function tell(cell) {
  const td = cell.closest("td");
  const head = cell.closest("table").tHead.rows[0].cells[placeOf(cell)];
  const where = `${rowOf(cell).dataset.code} ${cell.closest(".why") ? cell.title : head.textContent}`;
  const old = td.dataset.old;
  const words = old === undefined ? shown(cell) : `${old || "（空）"} → `;
  here.replaceChildren(`${where}：${words}`);
  if (old === undefined) return;
  const next = document.createElement("b");
  next.textContent = td.dataset.new || "（空）";
  here.append(next, td.dataset.problem ? `，${td.dataset.problem}` : "，还没有写入；应用以后 Ctrl+Z 一次全部退回");
}

function shown(cell) {
  if (cell.type === "checkbox") return cell.checked ? "已勾选" : "未勾选";
  return cell.selectedOptions ? cell.selectedOptions[0]?.text : cell.value;
}

function textOf(cell) {
  if (cell.type === "checkbox") return cell.checked ? cell.value : "";
  return cell.value;
}
