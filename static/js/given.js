// What a form proposes is stored with the first thing that is typed: nobody is asked for it twice.
for (const form of document.querySelectorAll("form[data-fill][data-save]")) {
  form.addEventListener("fill:edited", ({ detail }) => keep(form, detail.name), { once: true });
}

function keep(form, typed) {
  for (const block of document.querySelectorAll("[data-given]")) {
    const of = block.closest("[data-of]")?.dataset.of;
    if (of ? of !== form.id : !form.contains(block)) continue;
    const name = block.dataset.field;
    block.removeAttribute("data-given");
    const text = form.elements[name]?.value;
    if (name !== typed && text) {
      form.dispatchEvent(new CustomEvent("fill:edited", { detail: { name, text }, bubbles: true }));
    }
  }
}
