// Two people changed one field: both texts side by side, one is chosen or both are put together.
const forms = [...document.querySelectorAll("form[data-fill][data-save]")];
forms.forEach(start);

function start(form) {
  const MOST = 1_500;
  const asked = new Map(); // field → the conflict that waits for a choice
  form.addEventListener("fill:answer", ({ detail }) => detail.conflicts.forEach(open));
  form.addEventListener("fill:edited", ({ detail }) => {
    const one = asked.get(detail.name);
    if (one) one.mine = detail.text;
  });

  function open(one) {
    asked.set(one.field, one);
    const place = own(`[data-conflict="${CSS.escape(one.field)}"]`)[0];
    if (!place) return;
    const theirs = shown(one, one.theirs),
      mine = shown(one, one.mine);
    const title = element("h3", "", `“${one.label}”同时由${one.by}改过，选定一份后保存`);
    title.setAttribute("role", "alert");
    const pair = element("div", "diff");
    pair.append(side("我的", mine, theirs), side(`${one.by}的（${one.at}）`, theirs, mine));
    const buttons = element("div", "go");
    buttons.append(
      button("用我的", "btn", () => choose(place, one, one.mine)),
      button(`用${one.by}的`, "btn", () => choose(place, one, one.theirs)),
    );
    if (isFree(one.field)) buttons.append(button("合在一起", "btn text", () => combine(place, one)));
    place.className = "conflict";
    place.replaceChildren(title, pair, buttons);
    place.hidden = false;
  }

  function combine(place, one) {
    const box = element("textarea");
    box.rows = 5;
    box.value = `${one.mine}\n${one.theirs}`;
    box.setAttribute("aria-label", "合在一起的文字");
    const buttons = element("div", "go");
    buttons.append(
      button("用这段文字", "btn", () => choose(place, one, box.value)),
      button("返回", "btn text", () => open(one)),
    );
    place.replaceChildren(place.querySelector("h3"), place.querySelector(".diff"), box, buttons);
    box.focus();
  }

  // What the server has is in its history already; what only stood here is written down first.
  async function choose(place, one, text) {
    if (text !== one.mine && !(await givenUp(one))) {
      place.querySelector("h3").textContent = "没有连上服务器，稍后再选";
      return;
    }
    asked.delete(one.field);
    place.hidden = true;
    place.replaceChildren();
    const isTheirs = text === one.theirs;
    tell("fill:settled", { name: one.field });
    tell("fill:write", { name: one.field, text, version: one.v, quiet: isTheirs });
    if (isTheirs) tell("fill:kept", { name: one.field, text, version: one.v });
    tell("fill:left", { asked: true });
    field(one.field)?.focus();
  }

  async function givenUp(one) {
    const url = form.dataset.save.replace(/save\/$/, "give-up/");
    const body = new URLSearchParams({ field: one.field, text: one.mine, user: form.dataset.user });
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    return fetch(url, { method: "POST", body, headers }).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  function side(name, text, other) {
    const made = element("section");
    const words = element("p");
    for (const [part, common] of differences(text, other)) {
      if (common) words.append(part);
      else words.append(element("ins", "", part));
    }
    if (!text) words.append(element("span", "c3", "（空）"));
    made.append(element("h4", "", name), words);
    return made;
  }

  // The text in pieces that the other has as well, or has not. Long ones only by their middle.
  function differences(text, other) {
    let head = 0,
      tail = 0;
    const least = Math.min(text.length, other.length);
    while (head < least && text[head] === other[head]) head += 1;
    while (tail < least - head && text.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
    const mid = text.slice(head, text.length - tail),
      away = other.slice(head, other.length - tail);
    const middle = mid.length > MOST || away.length > MOST ? [[mid, false]] : common(mid, away);
    return [[text.slice(0, head), true], ...middle, [text.slice(text.length - tail), true]].filter(([part]) => part);
  }

  // Longest common subsequence by characters.
  function common(text, other) {
    const rows = Array.from({ length: text.length + 1 }, () => new Uint16Array(other.length + 1));
    for (let i = text.length - 1; i >= 0; i -= 1) {
      for (let j = other.length - 1; j >= 0; j -= 1) {
        rows[i][j] = text[i] === other[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
      }
    }
    const pieces = [];
    const add = (character, same) => {
      const last = pieces.at(-1);
      if (last && last[1] === same) last[0] += character;
      else pieces.push([character, same]);
    };
    let i = 0,
      j = 0;
    while (i < text.length) {
      if (j < other.length && text[i] === other[j]) add(text[((j += 1), i++)], true);
      else if (j < other.length && rows[i][j + 1] >= rows[i + 1][j]) j += 1;
      else add(text[i++], false);
    }
    return pieces;
  }

  // A choice is stored by its value and shown by its words.
  function shown(one, text) {
    const control = form.elements[one.field];
    if (control instanceof RadioNodeList) {
      return (
        [...control]
          .find((radio) => radio.value === text)
          ?.closest("label")
          ?.textContent.trim() ?? text
      );
    }
    if (control?.type === "checkbox") return text ? "已勾选" : "未勾选";
    if (control instanceof HTMLSelectElement) {
      return [...control.options].find((option) => option.value === text)?.text ?? text;
    }
    return text;
  }

  function isFree(name) {
    return form.elements[name] instanceof HTMLTextAreaElement;
  }

  function field(name) {
    const found = form.elements[name];
    return found instanceof RadioNodeList ? found[0] : found;
  }

  function button(words, css, act) {
    const made = element("button", css, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function element(tag, css = "", words = "") {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (words) made.textContent = words;
    return made;
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
