// The wall: one slide at a time, turned by itself; after a round the page is asked for anew.
// The page's own requests do not keep the session awake. While the wall is in sight the script says
// so itself, for a working day after the last key; a forgotten wall then ends by the idle limit.
const wall = document.body;
const one = (name) => document.querySelector(`[data-${name}]`);
const wide = matchMedia("(min-width: 900px)"),
  still = matchMedia("(prefers-reduced-motion: reduce)");
const seconds = Number(wall.dataset.seconds),
  awake = Number(wall.dataset.hours) * 3_600_000;
const pauseButton = one("pause"),
  fullButton = one("full"),
  dots = one("dots"),
  said = one("said");
let slides = [],
  current = 0,
  isPaused = false,
  hasEnded = false;
let turnTimer = 0,
  roundTimer = 0,
  restTimer = 0,
  touched = Date.now(),
  etag = "",
  bar = null;

start();

function start() {
  pauseButton.addEventListener("click", () => pause(!isPaused));
  fullButton.hidden = !document.fullscreenEnabled;
  fullButton.addEventListener("click", toggleFull);
  document.addEventListener("fullscreenchange", () => {
    fullButton.textContent = document.fullscreenElement ? "退出全屏" : "全屏";
  });
  document.addEventListener("keydown", key);
  for (const name of ["keydown", "pointerdown", "pointermove"]) document.addEventListener(name, touch);
  document.addEventListener("visibilitychange", () => !document.hidden && beat());
  wide.addEventListener("change", lay);
  addEventListener("resize", () => fit(slides[current]));
  lay();
  beat();
}

// On a phone all slides stand below each other, as without this script.
function lay() {
  slides = [...document.querySelectorAll(".slide")];
  current = Math.min(current, slides.length - 1);
  wall.classList.toggle("is-turning", wide.matches);
  for (const name of ["turning", "pause"]) one(name).hidden = !wide.matches;
  dots.replaceChildren(...(wide.matches ? slides.map(dot) : []));
  if (wide.matches) return show(current);
  for (const slide of slides) slide.hidden = false;
  clearTimeout(turnTimer);
}

function dot(slide, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.title = slide.getAttribute("aria-label");
  button.setAttribute("aria-label", `第${place + 1}页，${button.title}`);
  button.addEventListener("click", () => show(place));
  return button;
}

function show(place) {
  if (place !== current) wall.classList.add("has-turned");
  current = (place + slides.length) % slides.length;
  slides.forEach((slide, number) => (slide.hidden = number !== current));
  [...dots.children].forEach((button, number) => {
    if (number === current) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  });
  fit(slides[current]);
  run();
}

// What says more than usual is set smaller, down to three quarters, rather than cut off.
function fit(slide) {
  for (let size = 1; size > 0.75; size -= 0.02) {
    slide.style.setProperty("--fit", wide.matches ? size : 1);
    if (!isCut(slide)) return;
  }
}

function isCut(slide) {
  return [slide, ...slide.querySelectorAll(".block, .blocks, .wt2, td")].some(
    (part) => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1,
  );
}

// A slide has its whole time again after a pause.
function run() {
  clearTimeout(turnTimer);
  bar?.cancel();
  if (isPaused || hasEnded || !wide.matches) return;
  turnTimer = setTimeout(() => show(current + 1), seconds * 1000);
  if (still.matches) return;
  const grow = [{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }];
  bar = one("progress").animate(grow, { duration: seconds * 1000, fill: "forwards" });
}

function pause(wanted) {
  isPaused = wanted;
  pauseButton.textContent = isPaused ? "继续" : "暂停";
  wall.classList.toggle("is-paused", isPaused);
  run();
}

function key(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || hasEnded) return;
  const isControl = event.target.closest("a, button");
  if (event.key === "Escape" && !document.fullscreenElement) location.href = wall.dataset.back;
  else if (!wide.matches) return;
  else if (["ArrowRight", "PageDown"].includes(event.key)) show(current + 1);
  else if (["ArrowLeft", "PageUp"].includes(event.key)) show(current - 1);
  else if (event.key === " " && !isControl) pause(!isPaused);
  else return;
  event.preventDefault();
}

function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => tell("浏览器不允许，可按 F11 全屏"));
}

// Who is there sees the pointer and keeps the session; both go when nobody moves.
function touch() {
  touched = Date.now();
  wall.classList.remove("is-resting");
  clearTimeout(restTimer);
  restTimer = setTimeout(() => wall.classList.add("is-resting"), 4000);
}

// Once a round, also while paused; not while nobody can see the page.
async function beat() {
  clearTimeout(roundTimer);
  if (hasEnded) return;
  if (!document.hidden) {
    if (Date.now() - touched < awake) await stay();
    await refresh();
  }
  if (!hasEnded) roundTimer = setTimeout(beat, seconds * slides.length * 1000);
}

function stay() {
  const form = one("session"),
    token = form.elements.csrfmiddlewaretoken.value;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  return ask(form.action, { method: "POST", headers });
}

async function refresh() {
  const answer = await ask(location.href, { headers: etag ? { "If-None-Match": etag } : {} });
  if (!answer || answer.status >= 500) return tell(`没有连上服务器，${clock()}起显示的是原来的数据`);
  if (answer.redirected || [401, 403].includes(answer.status)) return end();
  tell("");
  if (answer.status !== 200) return;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  if (page.body.dataset.build !== wall.dataset.build) return location.reload();
  if (etag) take(page);
  etag = answer.etag;
}

function take(page) {
  const fresh = [...page.querySelectorAll("[data-fresh]")];
  [...document.querySelectorAll("[data-fresh]")].forEach((old, number) => {
    old.replaceWith(document.importNode(fresh[number], true));
  });
  const count = slides.length;
  slides = [...document.querySelectorAll(".slide")];
  if (slides.length !== count) return lay();
  slides.forEach((slide, number) => (slide.hidden = wide.matches && number !== current));
  fit(slides[current]);
}

// What the server answered, to its last byte; null when it did not. A body that stops midway counts
// as no answer: otherwise the next round would never be asked for.
async function ask(address, options) {
  try {
    const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(15_000) });
    const { status, redirected, headers } = answer;
    return { status, redirected, etag: headers.get("ETag") ?? "", text: await answer.text() };
  } catch {
    return null;
  }
}

// Internal figures do not stand on a wall to which nobody is signed in.
function end() {
  hasEnded = true;
  for (const timer of [turnTimer, roundTimer]) clearTimeout(timer);
  bar?.cancel();
  one("slides").replaceChildren();
  one("dots").replaceChildren();
  pauseButton.hidden = true;
  one("turning").hidden = true;
  one("end").hidden = false;
  one("end").querySelector("a").focus();
}

function tell(words) {
  if (said.textContent !== words && !(words && said.textContent)) said.textContent = words;
}

function clock() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}
