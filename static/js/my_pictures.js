/** The page of one's own pictures: progress of all easels by one request, and the bar for the chosen pictures. */

const POLL_MS = 3000;

/** @typedef {{state: string, percent: number, words: string, picture: string}} Easel */
/** @typedef {{easels: Record<string, Easel>, batches: Record<string, {percent: number}>}} Progress */

const pictures = () => document.querySelector("#pictures");
/** @param {ParentNode} root @returns {HTMLInputElement[]} */
const boxes = (root) => [...root.querySelectorAll("input[name=job]")];

/** @param {HTMLElement} card @param {Easel} easel */
function show(card, easel) {
  const put = (/** @type {string} */ name, /** @type {unknown} */ text) => {
    const place = card.querySelector(`[data-easel-${name}]`);
    if (place.textContent !== String(text)) place.textContent = String(text);
  };
  put("percent", easel.percent);
  put("words", easel.words);
  card.querySelector("[data-easel-bar]").value = easel.percent;
  const picture = card.querySelector("[data-easel-picture]");
  if (picture.getAttribute("src") !== easel.picture) picture.src = easel.picture;
}

/** Whether the cards are of these jobs, in these states. @param {HTMLElement[]} cards @param {Record<string, Easel>} easels */
function areOf(cards, easels) {
  return (
    cards.length === Object.keys(easels).length &&
    cards.every((card) => easels[card.dataset.easel]?.state === card.dataset.state)
  );
}

async function look() {
  const shown = pictures();
  const cards = /** @type {HTMLElement[]} */ ([...(shown?.querySelectorAll("[data-easel]") ?? [])]);
  const batches = /** @type {HTMLElement[]} */ ([...(shown?.querySelectorAll("[data-batch-card]") ?? [])]);
  if (!(cards.length || batches.length) || document.hidden) return;
  const response = await fetch(shown.dataset.progress, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const now = /** @type {Progress} */ (await response.json());
  if (!areOf(cards, now.easels)) return renew(shown);
  for (const card of cards) show(card, now.easels[card.dataset.easel]);
  for (const card of batches) {
    card.querySelector("[data-batch-bar]").value = now.batches[card.dataset.batchCard]?.percent ?? 100;
  }
}

/** A job has begun or ended: fetches the list anew, and keeps what was chosen. @param {HTMLElement} shown */
async function renew(shown) {
  const chosen = new Set(boxes(shown).filter((box) => box.checked).map((box) => box.value));
  await window.htmx.ajax("GET", location.href, { target: "#pictures", select: "#pictures", swap: "outerHTML" });
  for (const box of boxes(pictures())) box.checked = chosen.has(box.value);
  tell();
}

/** Looks again and again. */
function watch() {
  // What cannot be read now is read the next time.
  look().catch(() => {}).finally(() => setTimeout(watch, POLL_MS));
}

/** Shows the bar where pictures are chosen, and lets be pressed what applies to them. */
function tell() {
  const bar = document.querySelector("[data-selection-bar]");
  if (!bar) return;
  const all = boxes(bar.closest("form"));
  const states = new Set(all.filter((box) => box.checked).map((box) => box.dataset.state));
  const count = all.filter((box) => box.checked).length;
  const label = bar.querySelector("[data-selection-count]");
  label.textContent = label.dataset.selectionCount.replace("{count}", String(count));
  bar.toggleAttribute("data-idle", count === 0);
  for (const button of bar.querySelectorAll("[data-for]")) {
    button.disabled = !button.dataset.for.split(" ").some((/** @type {string} */ state) => states.has(state));
  }
  bar.querySelector("[data-choose-all]").hidden = count === all.length;
  bar.querySelector("[data-choose-none]").hidden = false;
}

/** @param {Element} button @param {boolean} checked */
function chooseAll(button, checked) {
  for (const box of boxes(button.closest("form"))) box.checked = checked;
  tell();
}

document.addEventListener("change", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.matches("input[name=job]")) tell();
  if (target.matches("[data-filter] select")) target.closest("form").requestSubmit();
});
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-choose-all], [data-choose-none]");
  if (button) chooseAll(button, button.matches("[data-choose-all]"));
});
// The page may come back from the browser's memory with boxes ticked.
window.addEventListener("pageshow", tell);
tell();
setTimeout(watch, POLL_MS);
