/** Keyboard shortcuts: the list that `?` opens defines them, one link for each, by its data-keys. */

const SWITCH = "shortcuts";
const SEQUENCE_MS = 1200;
const TYPING = "input, textarea, select, [contenteditable], [role=textbox]";
const dialog = document.getElementById("shortcuts");
const box = dialog.querySelector("[data-shortcuts-on]");
let typed = "";
let timer;

box.checked = localStorage.getItem(SWITCH) !== "off";
box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));

/** @param {KeyboardEvent} event */
function isForPage({ target, altKey, ctrlKey, metaKey, isComposing }) {
  return !(altKey || ctrlKey || metaKey || isComposing || target.closest?.(TYPING));
}

/** @param {string} keys @returns {HTMLElement[]} what begins with these keys, what is named by them alone first */
function named(keys) {
  const all = [...dialog.querySelectorAll("[data-keys]")].filter((link) => link.dataset.keys.startsWith(keys));
  return all.sort((one, other) => one.dataset.keys.length - other.dataset.keys.length);
}

/** What stands on this page is used where it stands. @param {HTMLElement} link */
function act(link) {
  const here = link.dataset.here && document.querySelector(link.dataset.here);
  if (here) {
    here.focus();
    here.select?.();
  } else link.click();
}

document.addEventListener("keydown", (event) => {
  if (!box.checked || event.key.length > 1 || !isForPage(event)) return;
  if (document.querySelector("dialog:modal")) return;
  clearTimeout(timer);
  timer = setTimeout(() => (typed = ""), SEQUENCE_MS);
  const meant = [typed + event.key, event.key].find((keys) => named(keys).length);
  typed = meant ?? "";
  const [link] = named(typed);
  if (!meant || link.dataset.keys !== typed) return;
  typed = "";
  event.preventDefault();
  act(link);
});
