// What the server doubts about a field, directly below it: convert, or give the reason.
const form = document.querySelector("form[data-fill][data-save]");
if (form) {
  form.addEventListener("fill:findings", ({ detail }) => {
    const places = [...document.querySelectorAll("[data-findings]")];
    const own = new Set(places.map((place) => place.dataset.findings));
    for (const place of places) {
      // those of the item as a whole stand in the place without a name
      const belongs = ({ field }) => (own.has(field) ? field : "") === place.dataset.findings;
      show(place, detail.findings.filter(belongs));
    }
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-convert]");
    if (!button) return;
    event.preventDefault(); // without this script it sends the form
    tell("fill:write", { name: button.dataset.convert, text: button.dataset.remedy });
    form.elements[button.dataset.convert].focus?.();
  });
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-answer]")) answered(target);
  });

  // A doubt that is there already stays, so that a reason can be typed while others are saved.
  function show(place, found) {
    const known = new Map([...place.querySelectorAll("[data-code]")].map((one) => [one.dataset.code, one]));
    for (const one of found) {
      const made = known.get(one.code) ?? place.appendChild(one.level === "error" ? error(one) : doubt(one));
      known.delete(one.code);
      made.querySelector("[data-message]").textContent = one.message;
      remedy(made, one);
    }
    for (const gone of known.values()) {
      if (gone.contains(document.activeElement)) leave(gone);
      gone.remove();
    }
  }

  // Who stands in a doubt that is settled goes on to what comes after it.
  function leave(gone) {
    const stops = [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button")];
    const after = stops.slice(stops.indexOf(document.activeElement)).find((one) => !gone.contains(one));
    after?.focus();
  }

  function error(one) {
    const made = element("p", "err");
    made.dataset.code = one.code;
    const message = element("span");
    message.dataset.message = "";
    made.append(message);
    return made;
  }

  function doubt(one) {
    const made = element("div", "doubt");
    made.dataset.code = one.code;
    made.setAttribute("role", "status");
    const said = element("p"),
      message = element("span");
    message.dataset.message = "";
    said.append(element("b", "", "核实"), message);
    const name = `why_${one.code}`;
    const choices = element("div", "rad");
    choices.append(
      choice(name, "wrong", "填错了，我去改", false),
      choice(name, "true", "属实，原因如下", Boolean(one.reason)),
    );
    const reason = element("input");
    reason.name = reason.id = name;
    reason.value = one.reason;
    reason.setAttribute("aria-label", "原因");
    reason.autocomplete = "off";
    const version = element("input");
    version.type = "hidden";
    version.name = `v_${name}`;
    version.value = one.reason_v;
    made.append(said, choices, reason, version);
    return made;
  }

  function choice(name, value, words, checked) {
    const label = element("label"),
      radio = element("input");
    radio.type = "radio";
    radio.name = `is_${name}`;
    radio.value = value;
    radio.checked = checked;
    radio.dataset.answer = name;
    label.append(radio, words);
    return label;
  }

  function answered(radio) {
    const doubt = radio.closest("[data-code]");
    const field = doubt.closest("[data-field]")?.dataset.field;
    const control =
      radio.value === "wrong" ? form.elements[field] : doubt.querySelector(`[name="${radio.dataset.answer}"]`);
    if (control instanceof HTMLElement) control.focus();
    control?.select?.();
  }

  function remedy(made, one) {
    made.querySelector("[data-convert]")?.remove();
    if (!one.remedy) return;
    const button = element("button", "btn", `换算为 ${one.remedy}`);
    button.type = "button";
    button.dataset.convert = one.field;
    button.dataset.remedy = one.remedy;
    made.querySelector("[data-message]").after(" ", button);
  }

  function element(tag, css = "", words = "") {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (words) made.textContent = words;
    return made;
  }

  function tell(name, detail = {}) {
    form.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
