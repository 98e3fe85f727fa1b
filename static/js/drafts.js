// A copy on this computer of what the server does not have yet: for a week, of the person's own.
// Never on a public computer. Where the browser can (HTTPS), it is sealed with a key that the server
// hands out after the sign-in and that only lives in this page. A copy of an earlier visit is sent
// with the version it was typed on, so that the server tells where somebody else changed the field.
const form = document.querySelector("form[data-fill][data-save]");
const WEEK = 7 * 24 * 3600_000,
  ROOM = "kaifu/";
const session = document.querySelector("[data-session]");
if (form && session) {
  const own = `${ROOM}${form.dataset.user}/${form.dataset.item}/`;
  const canSeal = window.isSecureContext && Boolean(window.crypto?.subtle);
  const store = session.dataset.public === "1" ? null : open();
  let key = null;
  const written = new Map(); // what this page put there, so that it need not be opened
  let turn = Promise.resolve(); // what is done to the copies is done one after the other

  form.dataset.noCopy = "";
  if (store) {
    form.addEventListener("fill:edited", ({ detail }) => later(() => keep(detail.name, detail.text)));
    form.addEventListener("fill:kept", ({ detail }) => later(() => forget(detail.name, detail.text)));
    form.addEventListener("fill:settled", ({ detail }) => later(() => forget(detail.name)));
    document.addEventListener("DOMContentLoaded", () => later(begin));
  }

  function later(act) {
    turn = turn.then(act).catch(() => (form.dataset.noCopy = ""));
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

  async function begin() {
    if (!(await isReady())) return;
    delete form.dataset.noCopy;
    await bringBack();
  }

  async function isReady() {
    if (canSeal) key ??= await handedOut();
    return !canSeal || Boolean(key);
  }

  async function handedOut() {
    const answer = await fetch(session.dataset.url, { headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (String(said.user) !== form.dataset.user || !said.key) return null;
    const raw = bytes(said.key);
    return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  async function keep(name, text) {
    if (!(await isReady())) return;
    const place = `${own}${name}/${form.elements[`v_${name}`].value}`;
    const copy = JSON.stringify({ ...(await sealed(text)), at: Date.now() });
    for (const [older] of copies(`${own}${name}/`)) store.removeItem(older);
    store.setItem(place, copy);
    written.set(place, text);
    delete form.dataset.noCopy;
  }

  async function forget(name, text) {
    for (const [place, copy] of copies(`${own}${name}/`)) {
      if (text === undefined || (written.get(place) ?? (await opened(copy))) === text) store.removeItem(place);
    }
  }

  async function bringBack() {
    for (const [place, copy] of copies(ROOM)) {
      const isOpen = canSeal && copy.text !== undefined && !place.startsWith(own);
      if (Date.now() - copy.at > WEEK || isOpen) store.removeItem(place);
    }
    let count = 0;
    for (const [place, copy] of copies(own)) {
      const [name, version] = place.slice(own.length).split("/");
      const control = form.elements[name];
      const kept = form.elements[`v_${name}`];
      const text = await opened(copy);
      if (!control || !kept || text === null || textOf(control) === text) {
        store.removeItem(place);
        continue;
      }
      count += 1;
      tell("fill:write", { name, text, version });
    }
    if (count) {
      for (const place of document.querySelectorAll("[data-saved]"))
        place.textContent = `已恢复本机暂存的${count}栏内容`;
    }
  }

  async function sealed(text) {
    if (!canSeal) return { text };
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
    return { iv: letters(iv), data: letters(new Uint8Array(data)) };
  }

  // null for what cannot be read: sealed by another key, or spoilt.
  async function opened(copy) {
    if (copy.text !== undefined) return copy.text;
    if (!key) return null;
    try {
      const open = { name: "AES-GCM", iv: bytes(copy.iv) };
      return new TextDecoder().decode(await crypto.subtle.decrypt(open, key, bytes(copy.data)));
    } catch {
      return null;
    }
  }

  function letters(array) {
    return btoa(Array.from(array, (byte) => String.fromCharCode(byte)).join(""));
  }

  function bytes(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  function copies(prefix) {
    const found = [];
    for (const place of Object.keys(store)) {
      if (!place.startsWith(prefix)) continue;
      try {
        found.push([place, JSON.parse(store.getItem(place))]);
      } catch {
        store.removeItem(place);
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
