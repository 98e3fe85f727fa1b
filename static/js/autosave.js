// Sends what is typed in each form: all waiting fields in one request, each with the version that its
// editor had, until they are kept. A field that the server fails at goes alone, behind the others.
const QUIET = 2000,
  SLOW = 500,
  SILENT = 8_000, // after which a server that does not answer is told
  LONGEST = 60_000,
  GIVEN = 20_000,
  LATER = 15_000; // after which a field that the server failed at is tried again
const FAILED = "未能保存到服务器，内容已存在本机，联网后自动重试";
const FAILED_HERE = "未能保存到服务器，先不要关闭这个页面，联网后自动重试";
const NO_ANSWER = "服务器8秒没有回应，内容已存在本机，正在继续尝试保存";
const NO_ANSWER_HERE = "服务器8秒没有回应，先不要关闭这个页面，正在继续尝试保存";
const forms = [...document.querySelectorAll("form[data-fill][data-save]")];
const standing = new Map(); // form → what is said of its saving
forms.forEach(start);

// What is said at the foot of a page with many forms is of the one that stands worst.
function sayOfPage(places) {
  const all = [...standing.values()];
  const failed = all.filter(({ state }) => state === "failed");
  const last = all.reduce((latest, one) => (one.at > latest.at ? one : latest));
  const said = failed[0] ?? all.find(({ state }) => state === "") ?? last;
  const words = failed.length > 1 ? `${failed.length}项还没有保存：${said.words}` : said.words;
  show(places, words, said.state);
}

function show(places, words, state) {
  for (const place of places) {
    if (place.textContent !== words) place.textContent = words;
    place.dataset.state = state;
  }
}

function start(form) {
  const waiting = new Map(); // field → its latest text
  const contested = new Set(); // fields whose editor has to choose first
  const unsaved = new Set(); // fields that cannot be stored as they are
  const troubled = new Map(); // fields that the server failed at, with the time to try again
  const alone = new Set(); // fields that were in a request that failed: they go one by one
  let job = null; // sent, and asked again in the same words until it is answered
  let stopped = "",
    failures = 0,
    timer = 0,
    retry = 0,
    lastSaved = "",
    leaving = false,
    doubts = 0;
  const places = [...document.querySelectorAll("[data-saved]")];
  const mine = places.filter((one) => owner(one) === form);
  const shared = places.filter((one) => !owner(one));

  form.addEventListener("fill:edited", ({ detail }) => {
    waiting.set(detail.name, detail.text);
    unsaved.delete(detail.name);
    troubled.delete(detail.name);
    complain(detail.name, "");
    if (!failures) for (const place of [...mine, ...shared]) place.dataset.state = "";
    clearTimeout(timer);
    timer = setTimeout(next, QUIET);
  });
  form.addEventListener("fill:left", ({ detail }) => {
    if (detail?.asked && !isBusy() && lastSaved) say(lastSaved, "kept");
    if (detail?.asked || !failures) now();
  });
  form.addEventListener("fill:settled", ({ detail }) => {
    contested.delete(detail.name);
    waiting.delete(detail.name);
    if (!isBusy()) say(lastSaved || "已是最新内容", "kept");
  });
  form.addEventListener("fill:answer", ({ detail }) => {
    for (const one of detail.conflicts) contested.add(one.field);
  });
  form.addEventListener("fill:ended", () => (stopped = "session"));
  document.addEventListener("fill:paused", () => (stopped ||= "session"));
  document.addEventListener("fill:abandoned", () => (leaving = true));
  form.addEventListener("fill:closed", ({ detail }) => close(detail.message));
  form.addEventListener("evidence", () => !isBusy() && doubt());
  document.addEventListener("fill:renewed", () => {
    if (stopped === "session") stopped = "";
    now();
  });
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => document.hidden && !failures && next());
  window.addEventListener("pagehide", () => !leaving && sendAll());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isBusy() && (failures || stopped || contested.size || unsaved.size)) event.preventDefault();
  });

  // Who leaves is told what is left after a last try.
  document.addEventListener("fill:leaving", ({ detail }) => {
    if (!isBusy() && !contested.size) return;
    detail.tries.push(settled(5000));
    detail.left.push(() => [...waitingTexts()].map(([name, text]) => ({ form, name, text })));
  });

  // A button of the form waits until all is kept, and stays where nothing can be kept; after a sign-in
  // over the page it goes on. Where all is kept already it goes at once: a form that is asked to submit
  // while it submits does nothing.
  let through = false;
  form.addEventListener("submit", async (event) => {
    if (through || (!isBusy() && !contested.size)) return void (leaving = true);
    event.preventDefault();
    const button = event.submitter;
    if (await settled()) press(button);
    else if (stopped === "session") document.addEventListener("fill:renewed", () => again(button), { once: true });
  });

  async function again(button) {
    if (await settled()) press(button);
  }

  function press(button) {
    through = true;
    form.requestSubmit(button);
    through = false;
  }

  function now() {
    clearTimeout(retry);
    retry = 0;
    troubled.clear();
    next();
  }

  async function next() {
    clearTimeout(timer);
    if (stopped || (job && !retryDue())) return;
    job ??= take();
    if (!job) return;
    const sent = job;
    sent.busy = true;
    const slow = setTimeout(() => say("正在保存…"), failures ? 0 : SLOW);
    const silent = setTimeout(() => say(copied() ? NO_ANSWER : NO_ANSWER_HERE, "failed"), SILENT);
    const { answer, said } = await post(form.dataset.save, fields(sent.edits));
    clearTimeout(slow);
    clearTimeout(silent);
    sent.busy = false;
    if (said && (answer.ok || said.code === "unsaved")) kept(sent, said);
    else await refused(sent, answer, said);
  }

  function retryDue() {
    return !job.busy && !retry;
  }

  function take() {
    const ready = [...waiting].filter(([name]) => canGo(name));
    const together = ready.filter(([name]) => !alone.has(name));
    const edits = (together.length ? together : ready.slice(0, 1)).map(withBase);
    for (const { name } of edits) waiting.delete(name);
    return edits.length ? { edits } : null;
  }

  function withBase([name, text]) {
    return { name, text, base: form.elements[`v_${name}`].value };
  }

  function kept(sent, said) {
    job = null;
    failures = 0;
    for (const { name, text } of sent.edits) {
      troubled.delete(name);
      alone.delete(name);
      const reason = said.unsaved.find(({ field }) => field === name);
      if (reason) keepBack(name, text, reason.message);
      else if (said.fields[name]) stored(name, text, said.fields[name].v);
    }
    if (sent.edits.some(({ name }) => said.fields[name])) lastSaved = `已自动保存 ${said.saved_at}`;
    tell("fill:answer", said);
    if (contested.size) say("有一栏与别人同时修改，选定后保存", "failed");
    else if (unsaved.size) say("有一栏没有保存，见该栏下的说明，其余各栏已保存", "failed");
    else if (waiting.size === 0) say(lastSaved, "kept");
    if (troubled.size) later(LATER);
    if ([...waiting.keys()].some(canGo)) next();
    else if (!troubled.size) doubt();
  }

  function stored(name, text, version) {
    form.elements[`v_${name}`].value = version;
    if (!troubled.has(name) && !unsaved.has(name)) complain(name, "");
    tell("fill:kept", { name, text, version });
  }

  function canGo(name) {
    return !contested.has(name) && !unsaved.has(name) && !(troubled.get(name) > Date.now());
  }

  function later(milliseconds) {
    clearTimeout(retry);
    retry = setTimeout(now, milliseconds);
  }

  // The text stays in its field, with the reason below it, until it is changed.
  function keepBack(name, text, message) {
    if (!waiting.has(name)) waiting.set(name, text);
    unsaved.add(name);
    complain(name, message);
  }

  function complain(name, message) {
    const place = [...document.querySelectorAll(`[data-said="${CSS.escape(name)}"], #said_${CSS.escape(name)}`)].find(
      (one) => forms.length === 1 || owner(one) === form,
    );
    if (!place) return;
    place.querySelector("[data-unsaved]")?.remove();
    if (!message) return;
    const line = document.createElement("p");
    line.dataset.unsaved = "";
    line.setAttribute("role", "alert");
    line.textContent = message;
    place.append(line);
  }

  // What is to be doubted is asked for once all is kept; the answer to an older state is dropped.
  async function doubt() {
    if (form.dataset.doubts === "off") return;
    const asked = (doubts += 1);
    const answer = await fetch(form.dataset.save, { headers: { Accept: "application/json" } }).catch(() => null);
    const said = answer?.ok ? await answer.json().catch(() => null) : null;
    if (said && asked === doubts) tell("fill:findings", said);
  }

  async function refused(sent, answer, said) {
    const code = said?.code;
    if (code === "signed_out" || code === "other_person") return tell("fill:ended", said);
    if (code === "csrf" && !sent.renewed) {
      sent.renewed = true;
      return renew();
    }
    if (code === "busy") return failed(said.message);
    if (answer?.status >= 500 || code === "unstorable" || code === "bad_request") return postpone(sent);
    if (answer && answer.status < 500 && code && code !== "csrf") return close(said.message);
    failed();
  }

  // One field at which the server fails never stops the others: those of a request that failed go one
  // by one, and the one that fails alone is tried again behind them.
  function postpone(sent) {
    job = null;
    for (const { name, text } of sent.edits) {
      if (!waiting.has(name)) waiting.set(name, text);
      if (sent.edits.length > 1) alone.add(name);
      else {
        troubled.set(name, Date.now() + LATER);
        complain(name, "服务器没能保存这一栏，稍后自动再试；其余各栏照常保存");
      }
    }
    if ([...waiting.keys()].some(canGo)) return next();
    failed();
  }

  function failed(words = copied() ? FAILED : FAILED_HERE) {
    failures += 1;
    say(words, "failed");
    later(Math.min(LONGEST, 1000 * 2 ** failures));
  }

  function copied() {
    return form.dataset.noCopy === undefined;
  }

  // Signed in again in another window: the same person goes on with the new token.
  async function renew() {
    const said = await fetch(document.querySelector("[data-session]").dataset.url, {
      headers: { Accept: "application/json" },
    })
      .then((answer) => answer.json())
      .catch(() => null);
    if (!said) return failed();
    if (String(said.user) !== form.dataset.user)
      return tell("fill:ended", { code: said.user ? "other_person" : "signed_out" });
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = said.csrf;
    next();
  }

  function close(message) {
    stopped = "closed";
    say(message, "failed");
  }

  // Waits until nothing is left to send; false where that does not come about.
  async function settled(most = GIVEN) {
    const end = Date.now() + most;
    failures = 0;
    now();
    while (isBusy() && !contested.size && !unsaved.size && !failures && !stopped && Date.now() < end) {
      next();
      await new Promise((done) => setTimeout(done, 40));
    }
    if (contested.size) document.querySelector("[data-conflict]:not([hidden])")?.scrollIntoView({ block: "center" });
    if (unsaved.size) document.querySelector("[data-unsaved]")?.scrollIntoView({ block: "center" });
    return !isBusy() && !contested.size;
  }

  // The page goes away: what is left goes in one request that outlives it.
  function sendAll() {
    const sent = new Set(job?.edits.map(({ name }) => name));
    const left = [...waiting].filter(([name]) => !contested.has(name) && !unsaved.has(name) && !sent.has(name));
    if (left.length && !stopped) post(form.dataset.save, fields(left.map(withBase)), true);
  }

  function isBusy() {
    return Boolean(job || waiting.size);
  }

  // A contested field is left too, though nothing waits to be sent.
  function waitingTexts() {
    const typed = new Map(job?.edits.map(({ name, text }) => [name, text]));
    for (const name of contested) typed.set(name, form.elements[name]?.value ?? "");
    for (const [name, text] of waiting) typed.set(name, text);
    return typed;
  }

  function fields(edits) {
    const body = new URLSearchParams({ user: form.dataset.user });
    for (const one of edits) {
      body.set(one.name, one.text);
      body.set(`v_${one.name}`, one.base);
    }
    return body;
  }

  async function post(url, body, keepalive = body.toString().length < 50_000) {
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const stop = new AbortController();
    const limit = setTimeout(() => stop.abort(), GIVEN);
    try {
      const answer = await fetch(url, { method: "POST", body, headers, keepalive, signal: stop.signal });
      return { answer, said: await answer.json().catch(() => null) };
    } catch {
      return { answer: null, said: null };
    } finally {
      clearTimeout(limit);
    }
  }

  function say(words, state = "") {
    standing.set(form, { words, state, at: performance.now() });
    show(mine, words, state);
    if (shared.length) sayOfPage(shared);
  }

  // Where something stands that is about one form only; on a page with one form all is about it.
  function owner(place) {
    const id = place.closest("[data-of]")?.dataset.of;
    return (id && document.getElementById(id)) || place.closest("form[data-fill][data-save]");
  }

  function tell(name, detail = {}) {
    form.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
