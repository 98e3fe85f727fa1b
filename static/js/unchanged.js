// 与上季度相比: each box is stored as soon as it is changed. The server answers with the page, whose
// parts and rows replace those here; panes and what is being typed stay as they are.
const ticks = document.querySelector("#ticks");
if (ticks) {
  const common = document.querySelector("#common");
  const saved = document.querySelectorAll("[data-saved]");
  let turn = Promise.resolve(); // one request after the other: each says what was shown before
  let drawing = 0;
  document.querySelector("main").classList.add("scripted");

  document.addEventListener("change", ({ target }) => {
    if (target.form !== ticks) return;
    if (target.matches("[data-have][value=value]")) return void location.assign(opening(target));
    turn = turn.then(() => store(target));
  });
  document.addEventListener("keydown", (event) => {
    const pane = event.key === "Escape" && event.target.closest?.("[data-pane]");
    if (pane) location.assign(row(pane.dataset.pane).querySelector("[data-open]").href);
  });
  for (const form of document.querySelectorAll("form[data-fill]")) {
    form.addEventListener("fill:findings", refresh);
    form.addEventListener("fill:kept", () => form === common && refresh());
    form.addEventListener("fill:answer", ({ detail }) => seen(form, detail.version));
    form.addEventListener("fill:renewed", refresh);
  }
  const opened = document.querySelector(`[data-pane="${CSS.escape(location.hash.replace("#row-", ""))}"]`);
  // after the jump to its row, which takes the focus away
  window.addEventListener("load", () => opened?.querySelector("input:not([type=hidden]), select, textarea").focus());

  async function store(box) {
    const body = new URLSearchParams(new FormData(ticks));
    for (const place of saved) place.textContent = "正在保存…";
    const page = await ask({ method: "POST", body });
    if (!page) return back(box);
    draw(page);
    const now = new Date().toLocaleTimeString("zh-CN", { hour12: false });
    for (const place of saved) place.textContent = `已自动保存 ${now}`;
    goOn(box);
  }

  // The page as it is now; null where the server was not reached or asks for the sign-in.
  async function ask(options = {}) {
    const answer = await fetch(location.href, { ...options, headers: { Accept: "text/html" } }).catch(() => null);
    const text = answer ? await answer.text() : "";
    const page = new DOMParser().parseFromString(text, "text/html");
    if (page.querySelector("#ticks")) return page;
    if (answer?.redirected || answer?.status === 403)
      common.dispatchEvent(new CustomEvent("fill:ended", { bubbles: true, detail: { code: "signed_out" } }));
    return null;
  }

  function back(box) {
    if (box.type === "checkbox") box.checked = !box.checked;
    else box.checked = false;
    for (const place of saved) place.textContent = "没有保存到服务器，这一项没有勾上，稍后再试";
  }

  function refresh() {
    clearTimeout(drawing);
    drawing = setTimeout(() => {
      turn = turn.then(async () => {
        const page = await ask();
        if (page) draw(page);
      });
    }, 60);
  }

  function draw(page) {
    const had = place(document.activeElement);
    for (const made of page.querySelectorAll("[data-row]")) row(made.dataset.row)?.replaceWith(made);
    for (const made of page.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${made.dataset.part}"]`);
      old.className = made.className;
      if (!old.isEqualNode(made)) old.replaceChildren(...made.childNodes);
    }
    for (const name of ["common", "send"]) document.getElementById(name).hidden = page.getElementById(name).hidden;
    const told = page.getElementById("why"),
      why = document.getElementById("why");
    if (told.value === why.value) common.elements.v_reason.value = told.form.elements.v_reason.value;
    if (had) document.querySelector(had)?.focus();
  }

  // A control of a part that is drawn anew, as it is found again.
  function place(one) {
    if (!one?.closest("[data-row], [data-part]")) return "";
    if (one.dataset.open) return `[data-row] [data-open="${one.dataset.open}"]`;
    return one.name ? `[name="${one.name}"][value="${one.value}"]` : "";
  }

  // After 全部, and after the last row that is left, the next thing to do has the focus.
  function goOn(box) {
    const isWaiting = box.matches("[data-have]");
    if (!isWaiting && !(box.matches("[data-all]") && box.checked)) return;
    const open = document.querySelector(".un tr.stop [data-have], .un tr.stop [data-open]");
    const why = document.getElementById("why");
    if (open) open.focus();
    else if (!common.hidden) why.focus();
    else document.getElementById("id_confirmed").focus();
  }

  // What is typed in a pane is the reader's own: a tick after it is no conflict.
  function seen(form, version) {
    const known = version && document.querySelector(`[name="version_${form.dataset.item}"]`);
    if (known) known.value = version;
  }

  function opening(control) {
    return control.closest("[data-row]").querySelector("[data-open]").href;
  }

  function row(address) {
    return document.querySelector(`[data-row="${CSS.escape(address)}"]`);
  }
}
