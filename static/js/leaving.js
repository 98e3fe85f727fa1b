// Signing out: what is typed and not yet on the server is sent, else parked there; where the server
// cannot be reached, the person decides. Nothing that can be read stays behind on this computer.
const ROOM = "kaifu/";
const session = document.querySelector("[data-session]");
const panel = document.querySelector("[data-leaving]");
if (session) {
  const isPublic = session.dataset.public === "1";
  for (const exit of document.querySelectorAll("form[action$='/logout/']")) {
    exit.addEventListener("submit", (event) => {
      if (exit.dataset.ready) return;
      const asked = { tries: [], left: [] };
      document.dispatchEvent(new CustomEvent("fill:leaving", { detail: asked }));
      if (!asked.tries.length && !whatIsLeft(asked).length) return clear();
      event.preventDefault();
      leave(exit, asked);
    });
  }

  async function leave(exit, asked) {
    await Promise.all(asked.tries);
    const left = whatIsLeft(asked);
    if (left.length && !(await park(left))) return choose(exit, left);
    go(exit, { keeps: false });
  }

  function whatIsLeft(asked) {
    return asked.left.flatMap((one) => one());
  }

  // As a form that came without a session: each form with its fields, and their versions.
  async function park(left) {
    const forms = [...new Set(left.map(({ form }) => form))].map((form) => ({
      item: form.dataset.item,
      action: new URL(form.getAttribute("action") || location.href, location.href).pathname,
      texts: Object.fromEntries(left.filter((one) => one.form === form).flatMap(asSent)),
    }));
    const body = new URLSearchParams({ page: location.pathname + location.search, forms: JSON.stringify(forms) });
    body.set("held_for", session.dataset.held);
    const headers = {
      Accept: "application/json",
      "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
    };
    const stop = AbortSignal.timeout(8_000);
    return fetch(session.dataset.parked, { method: "POST", body, headers, signal: stop }).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  function asSent({ form, name, text }) {
    if (form.dataset.save)
      return [
        [name, [text]],
        [`v_${name}`, [form.elements[`v_${name}`].value]],
      ];
    return [
      [
        name,
        JSON.parse(text)
          .flat()
          .filter((one) => one !== null),
      ],
    ];
  }

  function choose(exit, left) {
    if (!panel.querySelector(".panel")) panel.append(panel.querySelector("template").content);
    const part = (name) => panel.querySelector(`[data-${name}]`);
    part("count").textContent = `还有${left.length}处未保存`;
    part("keep").hidden = isPublic || !hasStore();
    part("keep-open").hidden = part("keep").hidden || canSeal();
    panel.hidden = false;
    part("stay").focus();
    part("stay").onclick = () => (panel.hidden = true);
    part("keep").onclick = () => go(exit, { keeps: true });
    part("drop").onclick = () => {
      for (const item of new Set(left.map(({ form }) => form.dataset.item))) {
        document.dispatchEvent(new CustomEvent("fill:accepted", { detail: { item } }));
      }
      go(exit, { keeps: false });
    };
  }

  function go(exit, { keeps }) {
    if (!keeps) clear();
    document.dispatchEvent(new CustomEvent("fill:abandoned"));
    exit.dataset.ready = "1";
    exit.requestSubmit();
  }

  function canSeal() {
    return window.isSecureContext && Boolean(window.crypto?.subtle);
  }
}

function hasStore() {
  try {
    return Boolean(window.localStorage);
  } catch {
    return false;
  }
}

// Copies that js/drafts.js could not seal, over plain http.
function clear() {
  if (!hasStore()) return;
  for (const place of Object.keys(localStorage)) {
    if (place.startsWith(ROOM) && localStorage.getItem(place).includes('"text":')) localStorage.removeItem(place);
  }
}
