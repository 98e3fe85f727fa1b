// The end of a session, for all forms of the page: a warning some minutes before, and then sign-in over
// the page, which keeps all that was typed. The server is asked how long is left; asking does not make
// it longer.
const cover = document.querySelector("[data-session]");
if (cover) {
  const part = (name) => cover.querySelector(`[data-${name}]`);
  const idle = Number(cover.dataset.idle);
  const early = Math.min(300, Math.floor(idle / 2));
  const rest = [...document.body.children].filter((one) => !one.contains(cover) && one.tagName !== "SCRIPT");
  let timer = 0,
    ends = 0,
    announced = 0,
    focused = null,
    panel = null,
    signIn = null,
    state = "";

  plan(idle - early);
  document.addEventListener("visibilitychange", () => !document.hidden && state !== "ended" && look());
  document.addEventListener("fill:ended", ({ detail }) => end(detail.code));
  document.addEventListener("fill:kept", () => state === "warned" && look());

  // A page has no fields of a sign-in until they are needed, for those who read it and for browsers
  // that fill in passwords.
  function build() {
    if (panel) return;
    cover.append(cover.querySelector("template").content);
    panel = cover.querySelector(".panel");
    signIn = part("sign-in");
    part("stay").addEventListener("click", () => ask({ method: "POST" }).then(decide));
    part("leave").addEventListener("click", () => document.querySelector("form[action$='/logout/']")?.requestSubmit());
    signIn.addEventListener("submit", (event) => {
      event.preventDefault();
      enter();
    });
    cover.addEventListener("keydown", (event) => event.key === "Tab" && keepFocus(event));
  }

  function plan(seconds) {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  }

  async function look() {
    decide(await ask());
  }

  function decide(said) {
    if (!said) plan(15); // no network: the form tells so by itself
    else if (String(said.user) !== cover.dataset.user) end(said.user ? "other_person" : "signed_out");
    else {
      token(said.csrf);
      if (said.left > early) {
        hide();
        plan(said.left - early);
      } else warn(said.left);
    }
  }

  function warn(left) {
    ends = Date.now() + left * 1000;
    if (state !== "warned") {
      announced = 0;
      show("warned", "登录即将过期");
      part("stay").focus();
    }
    tick();
  }

  // The seconds are for the eyes; aloud it is said once a minute.
  function tick() {
    if (state !== "warned") return;
    const left = Math.round((ends - Date.now()) / 1000);
    if (left <= 0) return void look();
    const minutes = Math.ceil(left / 60);
    part("left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (minutes !== announced) {
      announced = minutes;
      part("text").textContent = `较长时间没有操作，${minutes}分钟内将自动退出。已填写的内容不会丢失。`;
    }
    clearTimeout(timer);
    timer = setTimeout(tick, 1000);
  }

  function end(code) {
    if (state === "ended") return;
    clearTimeout(timer);
    document.dispatchEvent(new CustomEvent("fill:paused"));
    show("ended", code === "other_person" ? "现在登录的是另一个账号" : "登录已过期");
    part("text").textContent =
      code === "other_person"
        ? "用原来的账号登录后继续填写，已填写的内容都还在。"
        : "重新登录后继续填写，已填写的内容都还在。";
    signIn.elements.password.focus();
  }

  async function enter() {
    const before = await ask();
    if (!before) return refuse("没有连上服务器，稍后再试");
    const body = new URLSearchParams(new FormData(signIn));
    const said = await ask({ method: "POST", body, headers: { "X-CSRFToken": before.csrf } }, true);
    if (!said) return refuse("没有连上服务器，稍后再试");
    if (said.message) return refuse(said.message);
    if (String(said.user) !== cover.dataset.user) return other();
    token(said.csrf);
    signIn.elements.password.value = "";
    refuse("");
    hide();
    plan(said.left - early);
    document.dispatchEvent(new CustomEvent("fill:renewed"));
  }

  // Somebody else works on from here: the page is theirs, what the first one typed stays apart.
  function other() {
    document.dispatchEvent(new CustomEvent("fill:abandoned"));
    location.reload();
  }

  function refuse(words) {
    part("refused").textContent = words;
    signIn.elements.password.select();
  }

  function show(next, title) {
    build();
    if (!state) focused = document.activeElement;
    state = next;
    part("title").textContent = title;
    part("warning").hidden = next !== "warned";
    signIn.hidden = next !== "ended";
    cover.hidden = false;
    for (const one of rest) one.inert = true;
  }

  function hide() {
    if (!state) return;
    state = "";
    cover.hidden = true;
    for (const one of rest) one.inert = false;
    focused?.focus();
  }

  function keepFocus(event) {
    const stops = [...panel.querySelectorAll("button, input")].filter((one) => one.offsetParent);
    const [first, last] = [stops[0], stops.at(-1)];
    if (event.shiftKey && document.activeElement === first) last.focus();
    else if (!event.shiftKey && document.activeElement === last) first.focus();
    else return;
    event.preventDefault();
  }

  async function ask(options = {}, isRefusalTold = false) {
    const headers = { Accept: "application/json", "X-CSRFToken": token(), ...options.headers };
    const answer = await fetch(cover.dataset.url, { ...options, headers }).catch(() => null);
    return answer?.ok || (answer && isRefusalTold) ? answer.json().catch(() => null) : null;
  }

  function token(value) {
    const inputs = [...document.querySelectorAll("input[name=csrfmiddlewaretoken]")];
    if (value) for (const input of inputs) input.value = value;
    return inputs[0]?.value ?? "";
  }
}
