// A copy on this computer of what the server does not have yet: for a week, of the person's own.
// Never on a public computer. A copy of an earlier visit is sent with the version it was typed on,
// so that the server tells where somebody else changed the field meanwhile.
const form = document.querySelector("form[data-fill][data-save]");
const WEEK = 7 * 24 * 3600_000, ROOM = "kaifu/";
if (form) {
  const isPublic = document.querySelector("[data-session]")?.dataset.public === "1";
  const own = `${ROOM}${form.dataset.user}/${form.dataset.item}/`;
  const store = isPublic ? null : open();
  if (!store) form.dataset.noCopy = "";
  else {
    form.addEventListener("fill:edited", ({ detail }) => keep(detail.name, detail.text));
    form.addEventListener("fill:kept", ({ detail }) => forget(detail.name, detail.text));
    form.addEventListener("fill:settled", ({ detail }) => forget(detail.name));
    document.addEventListener("DOMContentLoaded", bringBack);
  }

  // Storage may be switched off or full: then there is no copy, and nobody is told that there is.
  function open() {
    try {
      const found = window.localStorage;
      found.setItem(`${ROOM}try`, "1");
      found.removeItem(`${ROOM}try`);
      return found;
    } catch {
      return null;
    }
  }

  function keep(name, text) {
    remove(name);
    const version = form.elements[`v_${name}`].value;
    try {
      store.setItem(`${own}${name}/${version}`, JSON.stringify({ text, at: Date.now() }));
    } catch {
      form.dataset.noCopy = "";
    }
  }

  function forget(name, text) {
    for (const [key, copy] of copies(`${own}${name}/`)) {
      if (text === undefined || copy.text === text) store.removeItem(key);
    }
  }

  function remove(name) {
    for (const [key] of copies(`${own}${name}/`)) store.removeItem(key);
  }

  function bringBack() {
    for (const [key, copy] of copies(ROOM)) if (Date.now() - copy.at > WEEK) store.removeItem(key);
    let count = 0;
    for (const [key, copy] of copies(own)) {
      const [name, version] = key.slice(own.length).split("/");
      const control = form.elements[name];
      const kept = form.elements[`v_${name}`];
      if (!control || !kept || textOf(control) === copy.text) {
        store.removeItem(key);
        continue;
      }
      count += 1;
      tell("fill:write", { name, text: copy.text, version });
    }
    if (count) {
      for (const place of document.querySelectorAll("[data-saved]")) place.textContent = `已恢复本机暂存的${count}栏内容`;
    }
  }

  function copies(prefix) {
    const found = [];
    for (const key of Object.keys(store)) {
      if (!key.startsWith(prefix)) continue;
      try {
        found.push([key, JSON.parse(store.getItem(key))]);
      } catch {
        store.removeItem(key);
      }
    }
    return found;
  }

  function textOf(control) {
    if (control.type === "checkbox") return control.checked ? control.value : "";
    return control.value;
  }

  function tell(name, detail) {
    form.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
