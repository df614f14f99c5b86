/** Toasts: those that came with the page, and those that other modules ask for with a "toast" event on the document. */

const SHORTEST_MS = 5000;
/** What a slow reader takes. */
const MS_PER_LETTER = 90;
const LEAVING_MS = 200;
const ICONS = { success: "check", info: "info", warning: "alert", error: "alert" };

const place = document.querySelector("[data-toasts]");
const template = document.querySelector("[data-toast-template]");

/** @typedef {{text: string, level?: string, link?: string, key?: string, stays?: boolean}} Toast
 *   One with the key of an earlier one takes its place; one without a text only takes it away. */

/** @param {Toast} toast */
function add({ text, level = "info", link, key, stays = false }) {
  if (key) place.querySelectorAll(`[data-key="${key}"]`).forEach((earlier) => earlier.remove());
  if (!text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.classList.replace("toast--info", `toast--${level}`);
  toast.dataset.toast = level;
  if (key) toast.dataset.key = key;
  const use = toast.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[level]}`));
  toast.querySelector("[data-toast-text]").append(link ? linked(text, link) : text);
  place.append(toast);
  if (!stays) leaveInTime(toast);
}

/** @param {string} text @param {string} address */
function linked(text, address) {
  return Object.assign(document.createElement("a"), { href: address, textContent: text });
}

/** Nothing goes away that tells of an error, or while somebody is at it. @param {HTMLElement} toast */
function leaveInTime(toast) {
  if (toast.dataset.toast === "error") return;
  const wait = () => setTimeout(() => leave(toast), Math.max(SHORTEST_MS, toast.textContent.trim().length * MS_PER_LETTER));
  let timer = wait();
  for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, () => clearTimeout(timer));
  for (const type of ["pointerleave", "focusout"]) {
    toast.addEventListener(type, () => {
      clearTimeout(timer);
      timer = wait();
    });
  }
}

/** @param {HTMLElement} toast */
function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), LEAVING_MS);
}

place.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) leave(event.target.closest("[data-toast]"));
});
document.addEventListener("toast", (event) => add(event.detail));
// What is there when a page opens is not spoken; what is put there is.
const first = [...place.children];
requestAnimationFrame(() => {
  place.append(...first);
  first.forEach(leaveInTime);
});
