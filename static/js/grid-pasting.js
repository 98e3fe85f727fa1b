// Pasting: the server reads the block; the cells show what it would write, and nothing is written
// before 应用. The block stands in a form of its own, which js/typed.js keeps like other forms: after a
// reload it is written back, and with it the preview.
const READING = "正在读取粘贴的内容…";
const grid = document.querySelector("[data-grid]");
const form = document.querySelector("form[data-paste]");
if (grid && form) start();

function start() {
  const place = (name) => form.querySelector(`[data-${name}]`);
  const strays = grid.querySelector("[data-strays]");
  const check = document.querySelector("[data-check]");
  const status = document.querySelector("[data-saved]");
  let cells = [], // of the block that is shown
    turns = 0; // an answer to an older question is dropped

  grid.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isBlock = /[\t\n]/.test(text.replace(/\r?\n$/, "").replaceAll("\r", ""));
    const isOwn = cell?.tagName === "TEXTAREA" && !text.includes("\t");
    if (!cell || isOwn || (!isBlock && cell.tagName === "INPUT" && cell.type !== "checkbox")) return;
    event.preventDefault();
    form.elements.clears.checked = false;
    strays.replaceChildren();
    put(`${cell.closest("tr").dataset.row} ${cell.closest("td").dataset.column}`, text);
    read();
  });
  form.addEventListener("change", read);
  strays.addEventListener("change", read);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  place("cancel").addEventListener("click", drop);
  document.addEventListener(
    "keydown",
    (event) => {
      if (form.hidden || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey) return;
      const isHere = !event.target.closest("button, a, [form=paste], .pas .ck");
      if (event.key === "Escape") drop();
      else if (event.key === "Enter" && isHere) apply();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  document.addEventListener("fill:kept", ({ target }) => {
    const isShown = document.querySelector(`[data-of="${target.id}"] [data-new]`);
    if (isShown && !form.hidden && !form.dataset.busy) read();
  });

  function put(start, block) {
    for (const [name, text] of Object.entries({ start, block })) {
      form.elements[name].value = text;
      form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  async function read() {
    if (!form.elements.block.value) return drop();
    const turn = (turns += 1);
    status.textContent = READING;
    const said = await post(form.action, new URLSearchParams(new FormData(form)));
    if (turn !== turns) return;
    status.textContent = said.refused ?? "";
    if (said.refused) return void (status.dataset.state = "failed");
    status.dataset.state = "";
    show(said);
  }

  function show(said) {
    clear();
    cells = said.cells;
    place("headline").textContent = said.headline;
    place("details").textContent = said.details + (said.lost && said.details ? "；" : "");
    place("lost").textContent = said.lost ? `${said.lost}行对不上` : "";
    place("use").textContent = said.count ? `应用${said.count}格` : "应用";
    place("use").disabled = !said.count;
    strays.replaceChildren(...new DOMParser().parseFromString(said.strays, "text/html").body.childNodes);
    form.hidden = false;
    grid.classList.add("previewing");
    check?.classList.remove("main");
    cells.forEach(mark);
    document.dispatchEvent(new CustomEvent("grid:shown"));
  }

  function mark({ row, column, effect, old, new: text, whole, problem }) {
    const td = grid.querySelector(`[data-row="${row}"] [data-column="${column}"]`);
    if (!td) return;
    Object.assign(td.dataset, { effect, old: whole[0], new: whole[1], problem });
    const made = element("span", "cell preview");
    if (effect === "changed" && old) made.append(element("del", "el", old, whole[0]));
    made.append(element(td.classList.contains("n") ? "b" : "span", "el", text, whole[1]));
    if (effect === "unreadable") made.append(element("span", "el why-not", "读不懂，不写入", problem));
    if (effect === "locked") made.append(element("span", "el why-not", "不写入", problem));
    td.append(made);
  }

  function clear() {
    for (const td of grid.querySelectorAll("[data-effect]")) {
      td.querySelector(".preview")?.remove();
      for (const name of ["effect", "old", "new", "problem"]) delete td.dataset[name];
    }
  }

  function drop() {
    clear();
    cells = [];
    turns += 1;
    if (status.textContent === READING) status.textContent = "";
    form.hidden = true;
    form.querySelector("[data-typed-note]")?.remove();
    const [row, column] = form.elements.start.value.split(" ");
    if (form.elements.block.value) put("", "");
    if (!document.activeElement?.matches("[data-cell]")) {
      grid.querySelector(`[data-row="${row}"] [data-column="${column}"] [data-cell]`)?.focus();
    }
    strays.replaceChildren();
    grid.classList.remove("previewing");
    check?.classList.add("main");
    document.dispatchEvent(new CustomEvent("grid:shown"));
  }

  async function apply() {
    const edits = cells.flatMap(({ row, edits: own }) => own.map((one) => ({ row, ...one })));
    if (!edits.length || form.dataset.busy) return;
    form.dataset.busy = "1";
    const said = await send(edits);
    if (!said.refused) drop();
    delete form.dataset.busy;
    if (said.refused) return;
    const back = edits.map(({ row, name, was, text }) => ({ row, name, text: was, was: text }));
    document.dispatchEvent(new CustomEvent("grid:done", { detail: { back: () => takeBack(back, said.rows) } }));
  }

  function takeBack(edits, rows) {
    const own = edits.filter(({ row, name }) => rows[row]?.fields[name]);
    send(
      own.map((one) => ({ ...one, v: rows[one.row].fields[one.name].v })),
      true,
    );
  }

  async function send(edits, isBack = false) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token(), user: form.dataset.user });
    if (isBack) body.set("back", "1");
    for (const { row, name, text, v } of edits) {
      body.set(`${name}-${row}`, text);
      body.set(`v_${name}-${row}`, v);
    }
    status.textContent = "正在写入…";
    const said = await post(form.dataset.apply, body);
    status.textContent = said.refused ?? `${isBack ? "已退回" : "已写入"}${edits.length}格 ${said.saved_at}`;
    status.dataset.state = said.refused ? "failed" : "kept";
    if (!said.refused) for (const [row, one] of Object.entries(said.rows)) tellRow(row, one);
    return said;
  }

  // The form of the row hears what the server has, as after a save of its own.
  function tellRow(row, { fields, conflicts, unsaved, findings }) {
    const own = document.getElementById(`row-${row}`);
    const tell = (name, detail) => own?.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    tell("fill:findings", { findings, live: {} });
    for (const [name, { text, v }] of Object.entries(fields)) {
      if (!own?.elements[`v_${name}`]) continue;
      tell("fill:write", { name, text, version: v, quiet: true });
      tell("fill:kept", { name, text, version: v });
    }
    for (const { field, message } of unsaved) {
      const said = document.querySelector(`[data-of="row-${row}"] [data-said="${CSS.escape(field)}"]`);
      if (said) said.textContent = message;
    }
    if (conflicts.length) tell("fill:answer", { conflicts, unsaved: [], fields: {} });
  }

  async function post(address, body) {
    const lost = "没有连上服务器，粘贴的内容还在这一页，联网后再试";
    body.set("user", form.dataset.user);
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    try {
      const answer = await fetch(address, { method: "POST", body, headers, redirect: "error" });
      const said = await answer.json();
      if (answer.ok) return said;
      if (answer.status === 401) grid.querySelector("form[data-fill]")?.dispatchEvent(ended());
      return { refused: said.message || lost };
    } catch {
      return { refused: lost };
    }
  }

  function ended() {
    return new CustomEvent("fill:ended", { detail: { code: "signed_out" }, bubbles: true });
  }

  function token() {
    return form.elements.csrfmiddlewaretoken.value;
  }
}

function element(tag, css, words = "", title = "") {
  const made = document.createElement(tag);
  made.className = css;
  made.textContent = words;
  if (title) made.title = title;
  return made;
}
