// The table of figures: moves with the keys, takes blocks from workbooks, saves what differs.
const form = document.querySelector("form[data-grid]");
if (form) {
  const QUIET = 800;
  const cells = [...form.querySelectorAll("[data-cell]")];
  const rows = [...form.querySelectorAll("[data-row]")].filter((row) => row.querySelector("[data-cell]"));
  const kept = new Map(cells.map((cell) => [cell, cell.value])); // what undoing goes back to
  const dirty = new Set();
  const done = []; // steps, each a list of {cell, from}
  const status = document.querySelector("[data-saved]");
  let sending = false,
    timer = 0,
    block = null;

  const columnOf = (cell) => [...cell.closest("tr").children].indexOf(cell.closest("td"));
  const at = (row, column) => row?.children[column]?.querySelector("[data-cell]") ?? null;
  const rowOf = (cell) => rows.indexOf(cell.closest("tr"));
  const say = (words) => (status.textContent = words);

  function commit(changes) {
    const real = changes.filter(({ cell, to }) => kept.get(cell) !== to);
    if (!real.length) return;
    done.push(real.map(({ cell }) => ({ cell, from: kept.get(cell) })));
    write(real);
  }

  function write(changes) {
    for (const { cell, to } of changes) {
      cell.value = to;
      kept.set(cell, to);
      dirty.add(cell);
    }
    clearTimeout(timer);
    timer = setTimeout(save, QUIET);
  }

  function undo(cell) {
    if (cell && cell.value !== kept.get(cell)) return void (cell.value = kept.get(cell));
    const step = done.pop();
    if (!step) return;
    write(step.map(({ cell: one, from }) => ({ cell: one, to: from })));
    step[0].cell.focus();
  }

  function move(cell, step) {
    for (let n = rowOf(cell) + step; n >= 0 && n < rows.length; n += step) {
      const next = at(rows[n], columnOf(cell));
      if (next) {
        next.focus();
        next.select?.();
        return;
      }
    }
  }

  form.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (event.isComposing || event.keyCode === 229) return;
    const control = event.ctrlKey || event.metaKey;
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (control && event.key.toLowerCase() === "z" && !event.shiftKey) undo(cell);
    else if (control && event.key.toLowerCase() === "s") finish(cell);
    else if (cell && event.key === "Escape" && block) close(cell);
    else if (cell && event.key === "Escape") cell.value = kept.get(cell);
    else if (cell && event.key === "Enter" && !control) step(cell, event.shiftKey ? -1 : 1);
    else if (cell && isArrow && !control && !event.altKey && cell.tagName === "INPUT") {
      step(cell, event.key === "ArrowDown" ? 1 : -1);
    } else return;
    event.preventDefault();
  });
  form.addEventListener("change", ({ target }) => take(target));
  form.addEventListener("focusout", ({ target }) => take(target));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    finish(document.activeElement);
  });
  window.addEventListener("beforeunload", (event) => dirty.size && event.preventDefault());
  window.addEventListener("online", save);

  function take(cell) {
    if (cell?.matches?.("[data-cell]")) commit([{ cell, to: cell.value }]);
  }
  function step(cell, way) {
    take(cell);
    move(cell, way);
  }
  function finish(cell) {
    take(cell);
    if (dirty.size) return void save();
    say("没有改动");
  }

  // Saving: all that differs in one request; what changes meanwhile goes with the next.
  async function save() {
    clearTimeout(timer);
    if (sending || !dirty.size) return;
    sending = true;
    const sent = new Map([...dirty].map((cell) => [cell, cell.value]));
    const body = bodyOf(sent.keys());
    for (const cell of sent.keys()) body.set(`v_${cell.name}`, form.elements[`v_${cell.name}`].value);
    say("正在保存…");
    const answer = await ask(location.pathname, body);
    sending = false;
    if (answer.refused) return void say(answer.refused);
    const isLeft = (cell) =>
      Object.entries(answer.rows).some(([key, row]) => row.unsaved.some((name) => cell.name === `${name}-${key}`));
    for (const cell of sent.keys()) if (cell.value === sent.get(cell)) dirty.delete(cell);
    const left = [...sent.keys()].filter(isLeft);
    for (const [key, row] of Object.entries(answer.rows)) show(key, row, sent);
    if (left.length) say("有的格子没有保存，见疑点栏，其余已保存");
    else say(form.querySelector(".clash") ? "有的格子别人也改了，在疑点栏选择" : `已自动保存 ${answer.saved_at}`);
    if (dirty.size) timer = setTimeout(save, QUIET);
  }

  function bodyOf(some) {
    const body = new URLSearchParams();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const cell of some) body.set(cell.name, cell.value);
    return body;
  }

  async function ask(address, body) {
    const lost = "未能保存到服务器，先不要关闭这个页面，联网后再点保存";
    try {
      const answer = await fetch(address, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const told = await answer.json();
      if (answer.ok) return told;
      if (answer.status === 401) return { refused: "登录已过期：在另一个标签页重新登录，再点保存" };
      return { refused: told.message || lost };
    } catch {
      return { refused: lost };
    }
  }

  function show(key, row, sent) {
    const line = form.querySelector(`[data-row="${key}"]`);
    for (const [name, { text, v }] of Object.entries(row.fields)) {
      const cell = form.elements[`${name}-${key}`];
      if (!cell) continue;
      form.elements[`v_${name}-${key}`].value = v;
      const isMine = sent.has(cell) || dirty.has(cell) || cell === document.activeElement;
      if (isMine || cell.value === text) continue;
      cell.value = text;
      kept.set(cell, text);
    }
    const list = line.querySelector("[data-notes]");
    list.replaceChildren(...row.notes.map(noteOf), ...row.conflicts.map((one) => clashOf(key, one)));
    line.querySelector("[data-mend]").hidden = !row.notes.length;
  }

  function noteOf({ text, doubt }) {
    const item = document.createElement("li");
    item.textContent = text;
    if (doubt) item.className = "is-doubt";
    return item;
  }

  function clashOf(key, { field, theirs, by, at, v }) {
    const cell = form.elements[`${field}-${key}`];
    const item = noteOf({ text: `${by} ${at} 填了“${wordOf(cell, theirs)}”，您填的是“${wordOf(cell, cell.value)}”` });
    item.className = "clash";
    const choose = (word, to) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = word;
      button.addEventListener("click", () => {
        form.elements[`v_${cell.name}`].value = v;
        item.remove();
        write([{ cell, to }]);
        save();
      });
      item.append(button);
    };
    choose("用我的", cell.value);
    choose(`用${by}的`, theirs);
    return item;
  }

  const wordOf = (cell, text) => [...(cell.options ?? [])].find((one) => one.value === text)?.text ?? text;

  // Pasting: a block is read by the server first; nothing is written before 应用.
  const panel = form.querySelector("[data-paste]");
  const words = panel.querySelector("[data-paste-words]");
  const list = panel.querySelector("[data-paste-list]");
  panel.querySelector("[data-apply]").addEventListener("click", apply);
  panel.querySelector("[data-cancel]").addEventListener("click", () => close(block?.start));

  form.addEventListener("paste", (event) => {
    const cell = event.target.closest("[data-cell]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const lines = table(text);
    if (!cell || (lines.length < 2 && lines[0].length < 2 && cell.tagName === "INPUT")) return;
    event.preventDefault();
    prepare(cell, lines);
  });

  // Tab-separated text as workbooks copy it: quoted where a cell holds tabs or line breaks.
  function table(text) {
    const found = [[]];
    for (const part of text
      .replace(/\r\n?/g, "\n")
      .replace(/\n$/, "")
      .matchAll(/("(?:[^"]|"")*"(?=[\t\n]|$)|[^\t\n]*)([\t\n]|$)/g)) {
      if (part.index && !part[0]) break;
      const raw = part[1];
      found
        .at(-1)
        .push(
          raw.startsWith('"') && raw.endsWith('"') && raw.length > 1 ? raw.slice(1, -1).replaceAll('""', '"') : raw,
        );
      if (part[2] === "\n") found.push([]);
    }
    return found;
  }

  function targetsOf(cell, lines) {
    const row = cell.closest("tr");
    const all = [...form.querySelectorAll("[data-row]")];
    const columns = [...new Set(cells.map(columnOf))].sort((one, other) => one - other);
    const first = all.indexOf(row),
      column = columns.indexOf(columnOf(cell));
    const found = [],
      left = [];
    lines.forEach((line, n) =>
      line.forEach((text, m) => {
        const place = at(all[first + n], columns[column + m]);
        const where = all[first + n]?.dataset.code ?? `第${n + 1}行`;
        if (place) found.push({ cell: place, text, where });
        else if (text.trim()) left.push(`${where}：“${text.trim().slice(0, 20)}”没有可以填的格子，不写入`);
      }),
    );
    return { found, left };
  }

  async function prepare(cell, lines) {
    const { found, left } = targetsOf(cell, lines);
    const body = bodyOf([]);
    for (const { cell: one, text } of found) body.set(one.name, text);
    say("正在读取粘贴的内容…");
    const answer = found.length ? await ask(form.dataset.read, body) : { cells: {} };
    say(answer.refused ?? "");
    if (answer.refused) return;
    const good = [],
      bad = [];
    for (const one of found) {
      const told = answer.cells[one.cell.name] ?? { problem: "读不出" };
      if (told.problem) bad.push(`${one.where}：${told.problem}，不写入`);
      else good.push({ cell: one.cell, to: told.text });
    }
    block = { start: cell, good };
    words.textContent = sizeWords(good);
    list.replaceChildren(...[...bad, ...left].map((text) => noteOf({ text })));
    panel.querySelector("[data-apply]").disabled = !good.length;
    panel.hidden = false;
    panel.querySelector(good.length ? "[data-apply]" : "[data-cancel]").focus();
  }

  function sizeWords(good) {
    const height = new Set(good.map(({ cell }) => cell.closest("tr"))).size;
    const width = new Set(good.map(({ cell }) => columnOf(cell))).size;
    return good.length ? `将写入 ${height} 行×${width} 列` : "没有可以写入的格子";
  }

  function apply() {
    const { good, start } = block;
    close(start);
    commit(good);
    save();
  }

  function close(cell) {
    block = null;
    panel.hidden = true;
    cell?.focus();
  }
}
