// The review page: ticks, countdowns, ready phrases, Ctrl+Enter. Without it everything works by forms.
const filters = document.querySelector("[data-filters]");
if (filters) {
  for (const button of filters.querySelectorAll("[data-without-script]")) {
    button.hidden = true;
  }
  filters.addEventListener("change", () => filters.requestSubmit());
}

// Ticks: the one on top stands for all that are clean, also those on other pages of the list.
const bulk = document.querySelector("[data-bulk]");
const all = bulk?.querySelector("[data-all]");
if (all) {
  const picks = [...bulk.querySelectorAll("[data-pick]:not(:disabled)")];
  const button = bulk.querySelector("[data-count]");
  const whole = Number(/\d+/.exec(all.parentElement.textContent)[0]);
  const count = () => {
    const ticked = all.checked ? whole : picks.filter((pick) => pick.checked).length;
    button.textContent = ticked ? `${button.dataset.count}${ticked}项` : button.dataset.count;
    button.disabled = ticked === 0;
  };
  all.addEventListener("change", () => {
    for (const pick of picks) {
      pick.checked = all.checked;
    }
    count();
  });
  for (const pick of picks) {
    pick.addEventListener("change", () => {
      all.checked = false;
      count();
    });
  }
  // what the browser kept ticked from before
  if (all.checked) {
    all.dispatchEvent(new Event("change"));
  }
  count();
}

// The time that is left to take an approval back.
const buttons = [...document.querySelectorAll("[data-until]")];
const tick = () => {
  for (const button of buttons) {
    const left = Math.floor((Date.parse(button.dataset.until) - Date.now()) / 1000);
    const shown = button.querySelector("[data-left]");
    if (left <= 0) {
      button.closest("form").hidden = true;
    } else {
      shown.textContent = `（${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}）`;
    }
  }
  const box = document.querySelector("[data-undos]");
  if (box && buttons.every((button) => button.closest("form").hidden)) {
    box.hidden = true;
  }
};
if (buttons.length) {
  tick();
  setInterval(tick, 1000);
}

// A ready phrase goes into the comment, where it can be changed.
const comment = document.querySelector("[data-comment]");
for (const phrase of document.querySelectorAll("[data-phrase]")) {
  phrase.addEventListener("change", () => {
    if (phrase.checked && !comment.value.includes(phrase.value)) {
      comment.value = [comment.value.trim(), phrase.value].filter(Boolean).join("；");
      comment.dispatchEvent(new Event("input", { bubbles: true }));
    }
    phrase.checked = false;
    phrase.closest("details").open = false;
    comment.focus();
  });
}
