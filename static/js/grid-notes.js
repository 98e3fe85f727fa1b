// What the server doubts about a row, in its last cell: the sentence, and beside it the reason.
document.addEventListener("fill:findings", ({ target, detail }) => {
  const place = document.querySelector(`[data-of="${target.id}"] [data-notes]`);
  if (place) show(target, place, detail.findings);
});
// What was proposed is stored with the first entry of its row.
document.addEventListener("fill:edited", ({ target }) => {
  for (const one of document.querySelectorAll(`[data-of="${target.id}"] .given`)) one.classList.remove("given");
});
document.addEventListener("input", ({ target }) => {
  target.closest?.(".why")?.classList.toggle("is-answered", target.value !== "");
});

// A reason that is being written stays while others are saved.
function show(form, place, findings) {
  const known = new Map([...place.children].map((one) => [keyOf(one.dataset.code, one.dataset.about), one]));
  for (const one of findings) {
    const key = keyOf(one.code, one.level === "error" ? one.field : undefined);
    const made = known.get(key) ?? place.appendChild(one.level === "error" ? refusal(one) : why(form, one));
    known.delete(key);
    const words = made.querySelector("[data-message]") ?? made;
    words.textContent = one.message;
  }
  for (const gone of known.values()) if (!gone.contains(document.activeElement)) gone.remove();
  // The cell of remarks makes room for the reasons while it is empty.
  const remark = place.parentElement.querySelector("[name=note]");
  place.parentElement.classList.toggle("has-why", Boolean(remark && !remark.value && place.querySelector(".why")));
}

const keyOf = (code, field) => `${code} ${field ?? ""}`;

function refusal({ code, field }) {
  const made = document.createElement("p");
  made.className = "bad";
  Object.assign(made.dataset, { code, about: field });
  return made;
}

function why(form, { code, message, reason, reason_v }) {
  const made = document.querySelector("template[data-blank=why]").content.firstElementChild.cloneNode(true);
  made.dataset.code = code;
  made.classList.toggle("is-answered", reason !== "");
  const [text, version] = made.querySelectorAll("input");
  for (const control of [text, version]) {
    control.name += code;
    control.setAttribute("form", form.id);
  }
  text.value = reason;
  text.title = message;
  text.setAttribute("aria-label", `原因：${message}`);
  version.value = reason_v;
  return made;
}
