// Where a number comes from: a click on it shows its card beside the page, which stays usable. Where
// there is no room, and for a new tab, the link leads to the card's own page.
const ROOM = matchMedia("(min-width: 1001px)");
let panel;
let opener;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-value]");
  const isPlain = !event.button && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || !ROOM.matches) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel && !event.defaultPrevented) close();
});

async function open(link) {
  link.setAttribute("aria-busy", "true");
  const answer = await fetch(link.href).finally(() => link.removeAttribute("aria-busy"));
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const card = page.querySelector("main .pv");
  if (!card) throw new Error("no card");
  close();
  opener = link;
  opener.setAttribute("aria-expanded", "true");
  panel = made(card, link.href);
  document.querySelector("main").after(panel);
  panel.style.top = `${Math.max(0, document.querySelector("main").getBoundingClientRect().top)}px`;
  panel.focus({ preventScroll: true });
}

function made(card, href) {
  const box = document.createElement("aside");
  box.className = "panel";
  box.tabIndex = -1;
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", card.getAttribute("aria-label"));
  card.removeAttribute("aria-label");
  const ways = document.createElement("p");
  ways.className = "ways";
  const own = document.createElement("a");
  own.href = href;
  own.textContent = "单独打开";
  const shut = document.createElement("button");
  shut.className = "link";
  shut.type = "button";
  shut.textContent = "关闭";
  shut.addEventListener("click", close);
  ways.append(own, shut);
  box.append(ways, card);
  for (const button of card.querySelectorAll("[data-copy]")) button.hidden = false;
  return box;
}

function close() {
  if (!panel) return;
  const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
  panel.remove();
  panel = undefined;
  opener.removeAttribute("aria-expanded");
  if (hadFocus) opener.focus({ preventScroll: true });
}
