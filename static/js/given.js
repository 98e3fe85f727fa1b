// What a form proposes is stored with the first thing that is typed: nobody is asked for it twice.
const form = document.querySelector("form[data-fill][data-save]");
form?.addEventListener("fill:edited", keep, { once: true });

function keep({ detail }) {
  for (const block of form.querySelectorAll("[data-given]")) {
    const name = block.dataset.field;
    block.removeAttribute("data-given");
    const text = form.elements[name]?.value;
    if (name !== detail.name && text) {
      form.dispatchEvent(new CustomEvent("fill:edited", { detail: { name, text } }));
    }
  }
}
