// The chase page: choose all, say how many are chosen, copy the texts for a group.
const form = document.querySelector("[data-chase]");
if (form) {
  const boxes = [...form.querySelectorAll("input[name=agency]")];
  const all = form.querySelector("[data-all]");
  const said = form.querySelector("[data-chosen]");
  const place = form.querySelector("[data-copied]");
  const field = place.querySelector("textarea");
  const idle = said.textContent;

  const chosen = () => boxes.filter((box) => box.checked);
  const say = () => {
    const count = chosen().length;
    said.textContent = count ? `已选${count}个单位` : idle;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    say();
  });
  form.addEventListener("change", say);

  form.querySelector("[data-copy-texts]").addEventListener("click", async (event) => {
    event.preventDefault();
    const rows = chosen().length ? chosen() : boxes;
    field.value = rows.map((box) => box.dataset.text).join("\n");
    place.hidden = false;
    field.focus();
    field.select();
    said.textContent = (await copied(field.value)) ? `已复制${rows.length}个单位的文字` : "按Ctrl+C复制选中的文字";
  });
  say();
}

// The clipboard interface exists only on https and on this machine; else the old command copies.
async function copied(text) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  return document.execCommand("copy");
}
