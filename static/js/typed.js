// Whatever is typed or chosen in a form that is sent as a whole: js/drafts.js keeps a copy of it here until
// the server has accepted it. Each form with method="post" belongs by default; one that holds passwords
// only has nothing to keep, and data-typed="off" leaves a form or a control out. Before a form goes, the
// server is asked whether the session goes on: after a sign-in over the page the press goes through.
// Texts that were parked on the server are written back (see reporting/typed). Signing out, too.
const SILENT = 8_000;
const COPIED = "内容已存在本机",
  NOT_COPIED = "先不要关闭这个页面";
const MARK = "typed_form"; // in the form, and in the cookie by which the server says that it has arrived
const session = document.querySelector("[data-session]");
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button", "image", "reset", "fieldset", "output"]);
const forms = session ? [...document.querySelectorAll("form[method=post]")].filter(isFree) : [];
const changed = new Map(forms.map((form) => [form, new Set()])); // form → the names that somebody changed
const going = new Set(); // forms whose press is on its way
forms.forEach(register);

if (session) {
  document.addEventListener("input", ({ target }) => typed(target));
  document.addEventListener("change", ({ target }) => typed(target));
  document.addEventListener("submit", (event) => forms.includes(event.target) && press(event));
  document.addEventListener("DOMContentLoaded", () => {
    forgetAccepted();
    if (performance.getEntriesByType("navigation")[0]?.type === "navigate") takeEarly();
    takeParked();
  });
  document.addEventListener("fill:leaving", ({ detail }) => {
    for (const form of forms) {
      detail.left.push(() => [...changed.get(form)].map((name) => ({ form, name, text: read(form, name) })));
    }
  });
}

function isFree(form) {
  return !form.dataset.save && form.dataset.typed !== "off" && namesOf(form).length > 0;
}

function isWritten(control) {
  return control.name && !SKIPPED.has(control.type) && !control.closest("[data-typed=off]") && !control.readOnly;
}

function namesOf(form) {
  return [...new Set([...form.elements].filter(isWritten).map(({ name }) => name))];
}

// A form is known again by where it goes and by what it carries unseen, such as the number of its row;
// not by what changes with the day's work.
function register(form) {
  const passing = new Set(["csrfmiddlewaretoken", "held_for", "next", "back", "seen", "parked"]);
  const unseen = [...form.elements].filter(({ type, name }) => type === "hidden" && !passing.has(name));
  const parts = [addressOf(form), form.getAttribute("id") ?? "", ...unseen.map((one) => one.name + one.value)];
  let item = `f-${hash(parts.join("\n"))}`;
  for (let turn = 2; forms.some((one) => one.dataset.item === item); turn += 1) item = `${item.split("_")[0]}_${turn}`;
  form.dataset.item = item;
  form.addEventListener("fill:write", ({ detail }) => {
    if (read(form, detail.name) !== detail.text) detail.isTaken = write(form, detail.name, detail.text);
    else if (form.dataset.answered) detail.isKept = true;
    else detail.isTaken = detail.text !== rendered(form, detail.name);
    if (detail.isTaken || detail.isKept) changed.get(form).add(detail.name);
  });
  form.addEventListener("fill:copied", () => correct(form));
  form.addEventListener("fill:restored", ({ detail }) => tellRestored(form, detail.count));
}

// A control may be called "action", and hides the form's own then.
function addressOf(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

function hash(text) {
  let a = 0x811c9dc5,
    b = 0x1000193;
  for (const letter of text) {
    a = Math.imul(a ^ letter.codePointAt(0), 0x01000193);
    b = Math.imul(b ^ letter.codePointAt(0), 0x85ebca6b);
  }
  return [a, b].map((part) => (part >>> 0).toString(36)).join("");
}

function typed(control) {
  const form = control.form;
  if (!changed.has(form) || !isWritten(control)) return;
  const text = read(form, control.name);
  if (text === rendered(form, control.name)) {
    if (!changed.get(form).has(control.name)) return;
    changed.get(form).delete(control.name);
    return tell(form, "fill:settled", { name: control.name });
  }
  changed.get(form).add(control.name);
  tell(form, "fill:edited", { name: control.name, text });
}

// The values of a name as one text; several boxes or lines may share a name.
function read(form, name) {
  return JSON.stringify(controls(form, name).map(valueOf));
}

function rendered(form, name) {
  return JSON.stringify(controls(form, name).map(givenValueOf));
}

function controls(form, name) {
  return [...form.elements].filter((one) => one.name === name && isWritten(one));
}

function isBox(control) {
  return control.type === "checkbox" || control.type === "radio";
}

function valueOf(one) {
  if (isBox(one)) return one.checked ? one.value : null;
  if (one.multiple) return [...one.selectedOptions].map(({ value }) => value);
  return one.value;
}

function givenValueOf(one) {
  if (isBox(one)) return one.defaultChecked ? one.value : null;
  if (!one.options) return one.defaultValue;
  const given = [...one.options].filter((option) => option.defaultSelected);
  if (one.multiple) return given.map(({ value }) => value);
  return (given.at(-1) ?? one.options[0])?.value ?? "";
}

// False where the form has changed so that the text has no place any more.
function write(form, name, text) {
  const own = controls(form, name);
  const values = JSON.parse(text);
  const isPlace = own.length && (isBox(own[0]) || own.length === values.length);
  if (!isPlace) return false;
  own.forEach((one, index) => {
    if (isBox(one)) one.checked = values.includes(one.value);
    else if (one.multiple) for (const option of one.options) option.selected = values[index].includes(option.value);
    else one.value = values[index];
    if (one.closest("details")) one.closest("details").open = true;
    for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
  });
  return read(form, name) !== rendered(form, name);
}

function tellRestored(form, count, words = `已恢复本机暂存的${count}栏内容`) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link";
  button.textContent = "不要，恢复原样";
  const line = say(form, words);
  line.append(" ", button);
  button.addEventListener("click", () => {
    for (const name of changed.get(form)) write(form, name, rendered(form, name));
    line.remove();
    controls(form, namesOf(form)[0])[0]?.focus();
  });
}

// One quiet line at the head of the form, or before what is written for a form that stands elsewhere.
function say(form, words) {
  let line = noteOf(form);
  if (!line) {
    line = document.createElement("p");
    line.className = "fnote whole";
    line.dataset.typedNote = form.dataset.item;
    line.setAttribute("role", "status");
    form.prepend(line);
  }
  line.textContent = words;
  return line;
}

function noteOf(form) {
  return document.querySelector(`[data-typed-note="${form.dataset.item}"]`);
}

// The copy may be there only after the words were said.
function correct(form) {
  const words = noteOf(form)?.textContent;
  if (words?.includes(NOT_COPIED)) say(form, words.replace(NOT_COPIED, COPIED));
}

// The press: the session is looked at first, so that no text leaves the page in vain.
function press(event) {
  const form = event.target,
    button = event.submitter;
  if (event.defaultPrevented || !changed.get(form).size) return;
  if (form.dataset.goes) return waitForAnswer(form);
  event.preventDefault();
  if (!going.has(form)) send(form, button);
}

async function send(form, button) {
  going.add(form);
  const silent = setTimeout(() => say(form, `服务器8秒没有回应，${kept(form)}，正在继续尝试提交`), SILENT);
  const said = await whoIsHere();
  clearTimeout(silent);
  going.delete(form);
  if (!said) return say(form, `没有连上服务器，还没有提交；${kept(form)}，联网后再按一次`);
  if (String(said.user) !== session.dataset.user) {
    document.addEventListener("fill:renewed", () => send(form, button), { once: true });
    return tell(form, "fill:ended", { code: said.user ? "other_person" : "signed_out" });
  }
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = said.csrf;
  hidden(form, MARK, form.dataset.item);
  form.dataset.goes = "1";
  form.requestSubmit(button?.form === form ? button : null);
  delete form.dataset.goes;
}

function waitForAnswer(form) {
  setTimeout(() => say(form, `服务器8秒没有回应，${kept(form)}，请稍候`), SILENT);
}

function kept(form) {
  return form.dataset.noCopy === undefined ? COPIED : NOT_COPIED;
}

function whoIsHere() {
  return fetch(session.dataset.url, { headers: { Accept: "application/json" } })
    .then((answer) => answer.json())
    .catch(() => null);
}

function hidden(form, name, value) {
  const input = form.elements[name] ?? form.appendChild(document.createElement("input"));
  Object.assign(input, { type: "hidden", name, value });
}

// The server has said of the last form whether it was accepted: answered by another page, or by one
// that does not have the form any more.
function forgetAccepted() {
  const [, item, status] = new RegExp(`(?:^|; )${MARK}=([\\w-]+)\\.(\\d)`).exec(document.cookie) ?? [];
  if (!item) return;
  document.cookie = `${MARK}=; path=/; max-age=0`;
  const here = forms.find((form) => form.dataset.item === item);
  const isAccepted = status === "3" || (status === "2" && !here);
  if (isAccepted) document.dispatchEvent(new CustomEvent("fill:accepted", { detail: { item } }));
  else if (here) here.dataset.answered = "1"; // with what was typed, and why it was refused
}

// What came to the server without a session goes back to where it was typed.
async function takeParked() {
  const back = document.querySelector("a[data-parked-back]");
  if (back) return location.replace(back.href);
  const [, key] = /^#parked=([\w-]+)$/.exec(location.hash) ?? [];
  if (!key) return;
  const address = `${session.dataset.parked}${key}/`;
  const said = await fetch(address, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : null))
    .catch(() => null);
  history.replaceState(null, "", location.pathname + location.search);
  if (!said) return;
  const count = writeBack(said, key);
  if (!count) location.replace(`${address}?list=1`);
}

function writeBack(said, key) {
  const all = [...document.querySelectorAll("form[method=post]")];
  const form =
    all.find((one) => one.dataset.item === said.item) ??
    all.find((one) => isFree(one) && addressOf(one) === said.action);
  if (!form) return 0;
  let count = 0;
  for (const [name, texts] of Object.entries(said.texts)) {
    const detail = form.dataset.save
      ? { name, text: texts[0], version: said.texts[`v_${name}`]?.[0] }
      : { name, text: spread(form, name, texts) };
    tell(form, "fill:write", detail);
    if (!detail.isTaken) continue;
    count += 1;
    if (!form.dataset.save) tell(form, "fill:edited", detail);
  }
  if (form.dataset.save || !count) return count;
  hidden(form, "parked", key);
  tellRestored(form, count, `已填回登录前填写的${count}栏内容，核对后再提交`);
  return count;
}

// As a browser sends them, boxes that are not ticked are missing.
function spread(form, name, texts) {
  const own = controls(form, name);
  if (own[0]?.multiple) return JSON.stringify([texts]);
  return JSON.stringify(
    own.length && isBox(own[0]) ? own.map(({ value }) => (texts.includes(value) ? value : null)) : texts,
  );
}

// What was typed before this script was there.
function takeEarly() {
  for (const form of forms) for (const name of namesOf(form)) typed(controls(form, name)[0]);
}

function tell(form, name, detail) {
  form.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}
