// Sends what is typed: one field a request with the version that its editor had, until it is kept.
const form = document.querySelector("form[data-fill][data-save]");
if (form) {
  const QUIET = 2000,
    SLOW = 500,
    LONGEST = 60_000,
    GIVEN = 20_000;
  const FAILED = "未能保存到服务器，内容已存在本机，联网后自动重试";
  const FAILED_HERE = "未能保存到服务器，先不要关闭这个页面，联网后自动重试";
  const LATER = 15_000; // after which a field that the server failed at is tried again
  const waiting = new Map(); // field → its latest text
  const contested = new Set(); // fields whose editor has to choose first
  const unsaved = new Set(); // fields that cannot be stored as they are
  const troubled = new Map(); // fields that the server failed at, with the time to try again
  let job = null; // sent, and asked again in the same words until it is answered
  let stopped = "",
    failures = 0,
    timer = 0,
    retry = 0,
    lastSaved = "",
    leaving = false,
    doubts = 0;
  const status = document.querySelectorAll("[data-saved]");

  form.addEventListener("fill:edited", ({ detail }) => {
    waiting.set(detail.name, detail.text);
    unsaved.delete(detail.name);
    troubled.delete(detail.name);
    complain(detail.name, "");
    if (!failures) for (const place of status) place.dataset.state = "";
    clearTimeout(timer);
    timer = setTimeout(next, QUIET);
  });
  form.addEventListener("fill:left", ({ detail }) => {
    if (detail.asked && !isBusy() && lastSaved) say(lastSaved);
    if (detail.asked || !failures) now();
  });
  form.addEventListener("fill:settled", ({ detail }) => {
    contested.delete(detail.name);
    waiting.delete(detail.name);
    if (!isBusy()) say(lastSaved || "已是最新内容", "kept");
  });
  for (const name of ["fill:ended", "fill:paused"]) form.addEventListener(name, () => (stopped = "session"));
  form.addEventListener("fill:abandoned", () => (leaving = true));
  form.addEventListener("fill:closed", ({ detail }) => close(detail.message));
  form.addEventListener("evidence", () => !isBusy() && doubt());
  form.addEventListener("fill:renewed", () => {
    stopped = "";
    now();
  });
  window.addEventListener("online", now);
  document.addEventListener("visibilitychange", () => document.hidden && !failures && next());
  window.addEventListener("pagehide", () => !leaving && sendAll());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isBusy() && (failures || stopped || contested.size || unsaved.size)) event.preventDefault();
  });

  // A button of the form waits until all is kept, and stays where nothing can be kept. Where all is
  // kept already it goes at once: a form that is asked to submit while it submits does nothing.
  let through = false;
  form.addEventListener("submit", async (event) => {
    if (through || (!isBusy() && !contested.size)) return void (leaving = true);
    event.preventDefault();
    const button = event.submitter;
    if (!(await settled())) return;
    through = true;
    form.requestSubmit(button);
    through = false;
  });
  for (const exit of document.querySelectorAll("form[action$='/logout/']")) {
    exit.addEventListener("submit", async (event) => {
      if (exit.dataset.ready || !isBusy()) return;
      event.preventDefault();
      await settled(5000);
      exit.dataset.ready = leaving = true;
      exit.submit();
    });
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
    const { answer, said } = await post(form.dataset.save, fields([sent]));
    clearTimeout(slow);
    sent.busy = false;
    if (said && (answer.ok || said.code === "unsaved")) kept(sent, said);
    else await refused(sent, answer, said);
  }

  function retryDue() {
    return !job.busy && !retry;
  }

  function take() {
    for (const [name, text] of waiting) {
      if (!canGo(name)) continue;
      waiting.delete(name);
      return { name, text, base: form.elements[`v_${name}`].value };
    }
    return null;
  }

  function kept(sent, said) {
    job = null;
    failures = 0;
    troubled.delete(sent.name);
    for (const one of said.unsaved) keepBack(sent, one.message);
    const found = said.fields[sent.name];
    if (found) {
      form.elements[`v_${sent.name}`].value = found.v;
      if (!troubled.has(sent.name) && !unsaved.has(sent.name)) complain(sent.name, "");
      tell("fill:kept", { name: sent.name, text: sent.text, version: found.v });
      lastSaved = `已自动保存 ${said.saved_at}`;
    }
    for (const one of said.conflicts) contested.add(one.field);
    tell("fill:answer", said);
    if (contested.size) say("有一栏与别人同时修改，选定后保存", "failed");
    else if (unsaved.size) say("有一栏没有保存，见该栏下的说明，其余各栏已保存", "failed");
    else if (waiting.size === 0) say(lastSaved, "kept");
    if (troubled.size) later(LATER);
    if ([...waiting.keys()].some(canGo)) next();
    else if (!troubled.size) doubt();
  }

  function canGo(name) {
    return !contested.has(name) && !unsaved.has(name) && !(troubled.get(name) > Date.now());
  }

  function later(milliseconds) {
    clearTimeout(retry);
    retry = setTimeout(now, milliseconds);
  }

  // The text stays in its field, with the reason below it, until it is changed.
  function keepBack(sent, message) {
    if (!waiting.has(sent.name)) waiting.set(sent.name, sent.text);
    unsaved.add(sent.name);
    complain(sent.name, message);
  }

  function complain(name, message) {
    const place = document.getElementById(`said_${name}`);
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

  // One field at which the server fails never stops the others: it is tried again behind them.
  function postpone(sent) {
    if (!waiting.has(sent.name)) waiting.set(sent.name, sent.text);
    job = null;
    troubled.set(sent.name, Date.now() + LATER);
    complain(sent.name, "服务器没能保存这一栏，稍后自动再试；其余各栏照常保存");
    if ([...waiting.keys()].some(canGo)) return next();
    failed();
  }

  function failed(words = form.dataset.noCopy === undefined ? FAILED : FAILED_HERE) {
    failures += 1;
    say(words, "failed");
    later(Math.min(LONGEST, 1000 * 2 ** failures));
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
    const jobs = [...waiting].map(([name, text]) => ({ name, text, base: form.elements[`v_${name}`].value }));
    const left = jobs.filter((one) => !contested.has(one.name) && !unsaved.has(one.name) && one.name !== job?.name);
    if (left.length && !stopped) post(form.dataset.save, fields(left), true);
  }

  function isBusy() {
    return Boolean(job || waiting.size);
  }

  function fields(jobs) {
    const body = new URLSearchParams({ user: form.dataset.user });
    for (const one of jobs) {
      body.set(one.name, one.text);
      body.set(`v_${one.name}`, one.base);
    }
    return body;
  }

  async function post(url, body, keepalive = body.toString().length < 50_000) {
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const stop = new AbortController();
    const limit = keepalive ? 0 : setTimeout(() => stop.abort(), GIVEN);
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
    for (const place of status) {
      if (place.textContent !== words) place.textContent = words;
      place.dataset.state = state;
    }
  }

  function tell(name, detail = {}) {
    form.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
