// A copy on this computer of what the server does not have yet: for a week, of the person's own, for
// each form with a data-item. Never on a public computer. Where the browser can (HTTPS), it is sealed
// with a key that the server hands out after the sign-in and that only lives in this page. A copy of an
// earlier visit is written back with the version it was typed on, so that the server tells where
// somebody else changed the field.
const WEEK = 7 * 24 * 3600_000,
  ROOM = "kaifu/";
const session = document.querySelector("[data-session]");
const canSeal = window.isSecureContext && Boolean(window.crypto?.subtle);
const store = session && session.dataset.public !== "1" ? open() : null;
const written = new Map(); // what this page put there, so that it need not be opened
let key = null,
  asked = null,
  turn = Promise.resolve(); // what is done to the copies is done one after the other

if (session) {
  const forms = [...document.querySelectorAll("form[data-item]")];
  for (const form of forms) form.dataset.noCopy = "";
  if (store) {
    forms.forEach(start);
    document.addEventListener("DOMContentLoaded", () => later(() => begin(forms)));
    document.addEventListener("fill:accepted", ({ detail }) => {
      for (const [place] of copies(`${ROOM}${session.dataset.user}/${detail.item}/`)) store.removeItem(place);
    });
  }
}

function start(form) {
  const does = (act) => later(act, form);
  form.addEventListener("focusin", () => does(isReady), { once: true });
  form.addEventListener("fill:edited", ({ detail }) => does(() => keep(form, detail.name, detail.text)));
  form.addEventListener("fill:kept", ({ detail }) => does(() => forget(form, detail.name, detail.text)));
  form.addEventListener("fill:settled", ({ detail }) => does(() => forget(form, detail.name)));
}

function later(act, form = null) {
  turn = turn.then(act).catch(() => form && (form.dataset.noCopy = ""));
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

// The key is asked for where it will be needed: a form that saves by itself, or copies of an earlier
// visit. Elsewhere it waits until somebody stands in the form.
async function begin(forms) {
  sweep(forms);
  const left = forms.filter((form) => copies(own(form)).length);
  const saving = forms.filter((form) => form.dataset.save);
  if (![...left, ...saving].length || !(await isReady())) return;
  for (const form of saving) delete form.dataset.noCopy;
  let count = 0;
  for (const form of left) {
    const found = await bringBack(form);
    if (form.dataset.save) count += found;
  }
  if (!count) return;
  for (const place of document.querySelectorAll("[data-saved]")) {
    place.textContent = `已恢复本机暂存的${count}栏内容`;
  }
}

function sweep(forms) {
  for (const [place, copy] of copies(ROOM)) {
    const isOpen = canSeal && copy.text !== undefined && !forms.some((form) => place.startsWith(own(form)));
    if (Date.now() - copy.at > WEEK || isOpen) store.removeItem(place);
  }
}

async function isReady() {
  if (canSeal && !key) {
    asked ??= handedOut();
    key = await asked.finally(() => (asked = null));
  }
  return !canSeal || Boolean(key);
}

async function handedOut() {
  const answer = await fetch(session.dataset.url, { headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (String(said.user) !== session.dataset.user || !said.key) return null;
  const raw = bytes(said.key);
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function keep(form, name, text) {
  if (!(await isReady())) return;
  const place = `${fieldOf(form, name)}${form.elements[`v_${name}`]?.value ?? 0}`;
  const copy = JSON.stringify({ ...(await sealed(text)), at: Date.now() });
  for (const [older] of copies(fieldOf(form, name))) store.removeItem(older);
  store.setItem(place, copy);
  written.set(place, text);
  delete form.dataset.noCopy;
  form.dispatchEvent(new CustomEvent("fill:copied"));
}

async function forget(form, name, text) {
  for (const [place, copy] of copies(fieldOf(form, name))) {
    if (text === undefined || (written.get(place) ?? (await opened(copy))) === text) store.removeItem(place);
  }
}

// A form says of a text whether it has it already, or no place for it.
async function bringBack(form) {
  let count = 0;
  for (const [place, copy] of copies(own(form))) {
    const [name, version] = place.slice(own(form).length).split("/");
    const text = await opened(copy);
    const detail = { name: decodeURIComponent(name), text, version, isCopy: true };
    if (text !== null) form.dispatchEvent(new CustomEvent("fill:write", { detail, bubbles: true }));
    if (detail.isTaken) count += 1;
    else if (!detail.isKept) store.removeItem(place);
  }
  if (count) form.dispatchEvent(new CustomEvent("fill:restored", { detail: { count }, bubbles: true }));
  return count;
}

function own(form) {
  return `${ROOM}${session.dataset.user}/${form.dataset.item}/`;
}

function fieldOf(form, name) {
  return `${own(form)}${encodeURIComponent(name)}/`;
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
