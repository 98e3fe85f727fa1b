// The controls of a form. What is typed becomes an event of the form, and what others write gets in:
//   fill:edited {name, text}            somebody typed; fill:left: the field was left
//   fill:write {name, text, version, quiet}   put a text into a field; quiet: it is stored already
//   fill:kept {name, text, version}     the server has it
//   fill:answer (the answer to a save)   fill:findings (what is to be doubted, numbers that follow)
//   fill:ended {code}, fill:closed {message}, fill:renewed
// Each of the other scripts listens to some of them and knows no other script.
const form = document.querySelector("form[data-fill][data-save]");
if (form) {
  const rendered = form.cloneNode(true);
  rendered.reset();
  const stored = new Map(names().map((name) => [name, text(name, rendered)]));
  const before = new Map(stored); // as it was before the last edit
  const early = names().filter((name) => text(name) !== stored.get(name));
  let composing = false;
  let isStale = false; // what the page shows beside the fields

  // What was typed before the scripts were there is an edit like any other, once all of them listen.
  document.addEventListener("DOMContentLoaded", () => early.forEach((name) => edited(name)));
  form.addEventListener("compositionstart", () => (composing = true));
  form.addEventListener("compositionend", (event) => {
    composing = false;
    edited(event.target.name);
  });
  form.addEventListener("input", (event) => !composing && edited(event.target.name));
  form.addEventListener("focusout", () => tell("fill:left"));
  form.addEventListener("fill:kept", ({ detail }) => {
    stored.set(detail.name, detail.text);
    isStale ||= control(detail.name)?.tagName !== "TEXTAREA" && !detail.name.startsWith("why_");
  });
  form.addEventListener("fill:write", ({ detail }) => {
    if (!hasField(detail.name)) return;
    write(detail.name, detail.text);
    if (detail.version !== undefined) version(detail.name, detail.version);
    if (detail.quiet) {
      stored.set(detail.name, detail.text);
      before.set(detail.name, detail.text);
    } else edited(detail.name, true);
    count(detail.name);
  });
  form.addEventListener("fill:findings", ({ detail }) => {
    for (const place of document.querySelectorAll("[data-live]")) {
      const value = detail.live[place.dataset.live];
      if (value !== undefined) place.textContent = value || "—";
    }
    if (isStale) refresh();
  });

  // What stands beside the fields follows from short answers; the page itself knows how to draw it.
  async function refresh() {
    isStale = false;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of document.querySelectorAll("[data-fresh]")) {
      const made = page.querySelector(`[data-fresh="${place.dataset.fresh}"]`);
      const open = [...place.querySelectorAll("details")].map((one) => one.open);
      if (!made || place.contains(document.activeElement)) continue;
      place.replaceChildren(...made.childNodes);
      place.querySelectorAll("details").forEach((one, number) => (one.open = Boolean(open[number])));
    }
    for (const made of page.querySelectorAll("[data-field]")) {
      const place = form.querySelector(`[data-field="${made.dataset.field}"]`);
      const old = place?.querySelector(".echo"),
        echo = made.querySelector(".echo");
      if (old && echo) old.textContent = echo.textContent;
      else if (echo) (place?.querySelector(".unit") ?? control(made.dataset.field))?.after(echo);
      else old?.remove();
    }
  }

  // Keyboard: saving and going on; Enter in a line saves it instead of pressing the first button.
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || composing || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "s") {
      event.preventDefault();
      tell("fill:left", { asked: true });
    } else if (control && event.key === "Enter") {
      event.preventDefault();
      mainButton()?.click();
    } else if (event.key === "Enter" && !control && isLine(event.target)) {
      event.preventDefault();
      tell("fill:left", { asked: true });
    }
  });

  // Who else is here: asked while the page is seen and somebody works on it.
  const EVERY = 30_000,
    IDLE = 10 * 60_000;
  let since = 0,
    active = Date.now(),
    asking = 0;
  form.addEventListener("input", () => {
    const slept = Date.now() - active > IDLE;
    active = Date.now();
    if (slept) ask();
  });
  document.addEventListener("visibilitychange", () => !document.hidden && ask());
  for (const name of ["fill:ended", "fill:closed"]) form.addEventListener(name, () => clearTimeout(asking));
  form.addEventListener("fill:renewed", ask);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (form.dataset.presence) {
    since = Math.max(0, ...names().map((name) => Number(version(name))));
    ask();
  }

  async function ask() {
    clearTimeout(asking);
    if (!form.dataset.presence || document.hidden || Date.now() - active > IDLE) return;
    asking = setTimeout(ask, EVERY);
    const body = new URLSearchParams({ since, user: form.dataset.user });
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const answer = await fetch(form.dataset.presence, { method: "POST", body, headers }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    if (!said) return;
    if (answer.ok) merge(said);
    else if (said.code === "signed_out" || said.code === "other_person") tell("fill:ended", said);
    else if (said.code === "conflict") tell("fill:closed", said);
  }

  function merge(said) {
    for (const place of document.querySelectorAll("[data-present]")) {
      if (place.textContent !== said.present) place.textContent = said.present;
    }
    let skipped = false;
    for (const one of said.changed) {
      if (!hasField(one.name) || one.version <= Number(version(one.name))) continue;
      const focused = block(one.name)?.contains(document.activeElement);
      if (focused || text(one.name) !== stored.get(one.name)) skipped = true;
      else take(one);
    }
    if (!skipped) since = said.version;
  }

  function take(one) {
    tell("fill:write", { name: one.name, text: one.text, version: one.version, quiet: true });
    note(one.name, `${one.by} ${one.at} 更新`);
  }

  // Emptying a field can be taken back.
  for (const name of names()) {
    count(name);
    if (isChoice(name)) offerClear(name);
  }

  function offerClear(name) {
    const button = element("button", "link clear", "清空");
    button.type = "button";
    const controls = form.elements[name];
    controls[0].closest(".rad")?.append(button);
    const show = () => (button.hidden = text(name) === "");
    button.addEventListener("click", () => {
      tell("fill:write", { name, text: "" });
      controls[0].focus();
    });
    form.addEventListener("fill:write", show);
    form.addEventListener("change", show);
    show();
  }

  function edited(name, quiet = false) {
    if (!name || !hasField(name)) return;
    const now = text(name),
      was = before.get(name) ?? "";
    before.set(name, now);
    if (now === "" && (was.length >= 10 || (was && isChoice(name)))) offerUndo(name, was);
    else if (!quiet || now) note(name);
    count(name);
    tell("fill:edited", { name, text: now });
    if (quiet) tell("fill:left");
  }

  function offerUndo(name, was) {
    const button = element("button", "link", "撤销");
    button.type = "button";
    note(name, "已清空", button);
    button.addEventListener("click", () => {
      tell("fill:write", { name, text: was });
      note(name);
      control(name).focus();
    });
  }

  // One quiet line at the end of a field.
  function note(name, words = "", button = null) {
    const place = block(name);
    if (!place) return;
    place.querySelector("[data-note]")?.remove();
    if (!words) return;
    const line = element("p", "fnote", words);
    line.dataset.note = "";
    line.setAttribute("role", "status");
    if (button) line.append(" ", button);
    place.append(line);
  }

  function count(name) {
    const place = block(name)?.querySelector("[data-live=count]");
    if (place) place.textContent = `已写${[...text(name).replace(/\s/g, "")].length}字`;
  }

  function names() {
    return [...form.elements].filter((one) => one.name.startsWith("v_")).map((one) => one.name.slice(2));
  }

  function hasField(name) {
    return Boolean(form.elements[name] && form.elements[`v_${name}`]);
  }

  function version(name, value) {
    const kept = form.elements[`v_${name}`];
    if (value !== undefined) kept.value = value;
    return kept.value;
  }

  function control(name) {
    const found = form.elements[name];
    return found instanceof RadioNodeList ? found[0] : found;
  }

  function isChoice(name) {
    return form.elements[name] instanceof RadioNodeList;
  }

  function text(name, within = form) {
    const found = within.elements[name];
    if (!found) return "";
    if (found.type === "checkbox") return found.checked ? found.value : "";
    return found.value;
  }

  function write(name, value) {
    const found = form.elements[name];
    if (found instanceof RadioNodeList) for (const one of found) one.checked = one.value === value;
    else if (found.type === "checkbox") found.checked = value !== "";
    else found.value = value;
  }

  function block(name) {
    return control(name)?.closest("[data-field]");
  }

  function mainButton() {
    return document.querySelector("[form=fill][name=go][value=next], #fill [name=go][value=next], .act .btn.main");
  }

  function isLine(target) {
    return form.contains(target) && target.matches("input:not([type=checkbox]):not([type=radio]):not([type=file])");
  }

  function tell(name, detail = {}) {
    form.dispatchEvent(new CustomEvent(name, { detail }));
  }

  function element(tag, css, words) {
    const made = document.createElement(tag);
    made.className = css;
    made.textContent = words;
    return made;
  }
}
