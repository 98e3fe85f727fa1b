// What the server doubts about a field, directly below it: convert, or give the reason.
const forms = [...document.querySelectorAll("form[data-fill][data-save]")];
forms.forEach(start);

function start(form) {
  form.addEventListener("fill:findings", ({ detail }) => {
    const places = own("[data-findings]");
    const named = new Set(places.map((place) => place.dataset.findings));
    for (const place of places) {
      // those of the item as a whole stand in the place without a name
      const belongs = ({ field }) => (named.has(field) ? field : "") === place.dataset.findings;
      show(place, detail.findings.filter(belongs));
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-convert]");
    if (button?.form !== form) return;
    event.preventDefault(); // without this script it sends the form
    tell("fill:write", { name: button.dataset.convert, text: button.dataset.remedy });
    form.elements[button.dataset.convert].focus?.();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.form === form && target.matches("[data-answer]")) answered(target);
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
    const stops = [...form.elements].filter((one) => one.type !== "hidden");
    const after = stops.slice(stops.indexOf(document.activeElement)).find((one) => !gone.contains(one));
    after?.focus();
  }

  // The page carries what stands below a field as the server writes it, for a finding without a code.
  function blank(level) {
    return document.querySelector(`template[data-blank=${level}]`).content.firstElementChild.cloneNode(true);
  }

  function error(one) {
    const made = blank("error");
    made.dataset.code = one.code;
    return made;
  }

  function doubt(one) {
    const made = blank("doubt");
    made.dataset.code = one.code;
    for (const control of made.querySelectorAll("input")) {
      control.name += one.code;
      if (form.id) control.setAttribute("form", form.id);
      if (control.id) control.id += one.code;
      if (control.dataset.answer) control.dataset.answer += one.code;
    }
    const name = `why_${one.code}`;
    made.querySelector(`[name=${name}]`).value = one.reason;
    made.querySelector(`[name=v_${name}]`).value = one.reason_v;
    const isTrue = made.querySelector("[data-answer][value=true]");
    if (isTrue) isTrue.checked = Boolean(one.reason);
    return made;
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
    const button = blank(one.level === "error" ? "error" : "doubt").querySelector("[data-convert]");
    button.textContent = button.textContent.replace(button.dataset.remedy, one.remedy);
    button.value = one.code;
    button.dataset.convert = one.field;
    button.dataset.remedy = one.remedy;
    made.querySelector("[data-message]").after(" ", button);
  }

  function tell(name, detail = {}) {
    form.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  function own(selector) {
    const found = [...document.querySelectorAll(selector)];
    if (forms.length === 1) return found;
    return found.filter((one) => form.contains(one) || (form.id && one.closest("[data-of]")?.dataset.of === form.id));
  }
}
