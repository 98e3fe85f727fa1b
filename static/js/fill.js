// The controls of each form that is saved field by field; a page may have many, and their controls may
// stand anywhere (form="row-12"). What belongs to a form by its place only, such as where an error is
// shown, stands in it or in an element with data-of="row-12"; on a page with one form all does.
// What is typed becomes an event of the form, which bubbles, and what others write gets in:
//   fill:edited {name, text}            somebody typed; fill:left: the field was left
//   fill:write {name, text, version, quiet}   put a text into a field; quiet: it is stored already
//   fill:kept {name, text, version}     the server has it
//   fill:answer (the answer to a save)   fill:findings (what is to be doubted, numbers that follow)
//   fill:ended {code}, fill:closed {message}, fill:renewed (of the document: the session goes on)
// Each of the other scripts listens to some of them and knows no other script.
const forms = [...document.querySelectorAll("form[data-fill][data-save]")];
const beside = window.BroadcastChannel && new BroadcastChannel("kaifu"); // other windows of this person
forms.forEach(start);

// Keyboard: saving, and going on by the main button.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  if (event.key.toLowerCase() === "s" && forms.length) {
    event.preventDefault();
    for (const form of forms)
      form.dispatchEvent(new CustomEvent("fill:left", { detail: { asked: true }, bubbles: true }));
  } else if (event.key === "Enter" && forms.length) {
    event.preventDefault();
    document.querySelector("[form=fill][name=go][value=next], #fill [name=go][value=next], .act .btn.main")?.click();
  }
});

function start(form) {
  const stored = new Map(names().map((name) => [name, rendered(name)]));
  const before = new Map(stored); // as it was before the last edit
  const early = names().filter((name) => text(name) !== stored.get(name));
  let composing = false;
  let isStale = false; // what the page shows beside the fields

  // What was typed before the scripts were there is an edit like any other, once all of them listen.
  document.addEventListener("DOMContentLoaded", () => early.forEach((name) => edited(name)));
  at("compositionstart", () => (composing = true));
  at("compositionend", (event) => {
    composing = false;
    edited(event.target.name);
  });
  at("input", (event) => !composing && edited(event.target.name));
  at("focusout", () => tell("fill:left"));
  form.addEventListener("fill:kept", ({ detail }) => {
    stored.set(detail.name, detail.text);
    beside?.postMessage({ user: form.dataset.user, item: form.dataset.item, ...detail });
    isStale ||= control(detail.name)?.tagName !== "TEXTAREA" && !detail.name.startsWith("why_");
  });
  form.addEventListener("fill:write", ({ detail }) => {
    if (!hasField(detail.name) || (detail.isCopy && text(detail.name) === detail.text)) return;
    detail.isTaken = true;
    write(detail.name, detail.text);
    if (detail.version !== undefined) version(detail.name, detail.version);
    if (detail.quiet) {
      stored.set(detail.name, detail.text);
      before.set(detail.name, detail.text);
    } else edited(detail.name, true);
    count(detail.name);
  });
  form.addEventListener("fill:findings", ({ detail }) => {
    for (const place of own("[data-live]")) {
      const value = detail.live[place.dataset.live];
      if (value !== undefined) place.textContent = value || "—";
    }
    if (isStale && own("[data-fresh]").length) refresh();
  });
  beside?.addEventListener("message", ({ data }) => {
    if (data.user !== form.dataset.user || data.item !== form.dataset.item || !hasField(data.name)) return;
    if (Number(data.version) <= Number(version(data.name)) || text(data.name) !== stored.get(data.name)) return;
    tell("fill:write", { ...data, quiet: true });
  });

  // What stands beside the fields follows from short answers; the page itself knows how to draw it.
  async function refresh() {
    isStale = false;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of own("[data-fresh]")) {
      const made = page.querySelector(`[data-fresh="${place.dataset.fresh}"]`);
      const open = [...place.querySelectorAll("details")].map((one) => one.open);
      if (!made || place.contains(document.activeElement)) continue;
      place.replaceChildren(...made.childNodes);
      place.querySelectorAll("details").forEach((one, number) => (one.open = Boolean(open[number])));
    }
    for (const made of page.querySelectorAll("[data-field]")) {
      const place = own(`[data-field="${made.dataset.field}"]`)[0];
      const old = place?.querySelector(".echo"),
        echo = made.querySelector(".echo");
      if (old && echo) old.textContent = echo.textContent;
      else if (echo) (place?.querySelector(".unit") ?? control(made.dataset.field))?.after(echo);
      else old?.remove();
    }
  }

  // Enter in a line saves it instead of pressing the first button.
  at("keydown", (event) => {
    if (event.isComposing || composing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== "Enter" || !isLine(event.target) || event.defaultPrevented) return;
    event.preventDefault();
    tell("fill:left", { asked: true });
  });

  // Who else is here: asked while the page is seen and somebody works on it.
  const EVERY = 30_000,
    IDLE = 10 * 60_000;
  let since = 0,
    active = Date.now(),
    asking = 0;
  at("input", () => {
    const slept = Date.now() - active > IDLE;
    active = Date.now();
    if (slept) ask();
  });
  document.addEventListener("visibilitychange", () => !document.hidden && ask());
  for (const name of ["fill:ended", "fill:closed"]) form.addEventListener(name, () => clearTimeout(asking));
  document.addEventListener("fill:renewed", ask);
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
    for (const place of own("[data-present]")) {
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
    at("change", show);
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
    if (!place || place.tagName === "TD") return; // a cell has no room for words
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
    if (place && block(name).dataset.field === name)
      place.textContent = `已写${[...text(name).replace(/\s/g, "")].length}字`;
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

  function text(name) {
    const found = form.elements[name];
    if (!found) return "";
    if (found.type === "checkbox") return found.checked ? found.value : "";
    return found.value;
  }

  // As the server wrote it, whatever the browser or somebody quick has put there since.
  function rendered(name) {
    const found = form.elements[name];
    if (!found) return "";
    if (found instanceof RadioNodeList) return [...found].find((one) => one.defaultChecked)?.value ?? "";
    if (found.type === "checkbox") return found.defaultChecked ? found.value : "";
    if (found.options) return ([...found.options].find((one) => one.defaultSelected) ?? found.options[0])?.value ?? "";
    return found.defaultValue;
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

  function isLine(target) {
    return target.matches("input:not([type=checkbox]):not([type=radio]):not([type=file])");
  }

  function tell(name, detail = {}) {
    form.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  // Events of the form's controls, wherever they stand.
  function at(name, act) {
    document.addEventListener(name, (event) => event.target.form === form && act(event));
  }

  function own(selector) {
    const found = [...document.querySelectorAll(selector)];
    if (forms.length === 1) return found;
    return found.filter((one) => form.contains(one) || (form.id && one.closest("[data-of]")?.dataset.of === form.id));
  }

  function element(tag, css, words) {
    const made = document.createElement(tag);
    made.className = css;
    made.textContent = words;
    return made;
  }
}
