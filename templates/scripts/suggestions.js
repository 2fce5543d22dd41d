// Suggestions under the search box: the ARIA combobox with a list box. Without this script the form works alone.
const box = document.getElementById("q");
const list = document.getElementById("suggestions");
const items = list.children;
let chosen, timer, asked;

function choose(index) {
  chosen = index;
  [...items].forEach((item, at) => (item.ariaSelected = at === index));
  box.setAttribute("aria-activedescendant", items[index]?.id ?? "");
}

function open(isOpen) {
  list.hidden = !isOpen;
  box.ariaExpanded = isOpen;
  choose(-1);
  if (!isOpen) forget();
}

function forget() {
  clearTimeout(timer);
  asked = null;
}

function option({ title, url, language, direction }, index) {
  const item = document.createElement("li");
  Object.assign(item, { id: `option-${index}`, role: "option", textContent: title, lang: language, dir: direction });
  item.onpointerdown = event => event.preventDefault(); // the box keeps the focus
  item.onclick = () => location.assign(url);
  return item;
}

async function suggest() {
  const words = (asked = box.value);
  if (words.trim().length < 2) return open(false);
  const answer = await fetch(`${box.dataset.suggestions}?q=${encodeURIComponent(words)}`).catch(() => null);
  const found = answer?.ok ? (await answer.json()).suggestions : [];
  if (words !== asked) return;
  list.replaceChildren(...found.map(option));
  open(found.length > 0);
}

const keys = {
  ArrowDown: () => choose(chosen + 1 < items.length ? chosen + 1 : -1),
  ArrowUp: () => choose(chosen < 0 ? items.length - 1 : chosen - 1),
  Enter: () => items[chosen].click(),
  Escape: () => open(false),
};

Object.assign(box, { role: "combobox", ariaAutoComplete: "list" });
list.role = "listbox";
open(false);
box.oninput = () => {
  forget();
  timer = setTimeout(suggest, 200);
};
box.onblur = () => open(false);
box.onkeydown = event => {
  if (list.hidden || !keys[event.key] || event.isComposing || (event.key === "Enter" && chosen < 0)) return;
  event.preventDefault();
  keys[event.key]();
};
