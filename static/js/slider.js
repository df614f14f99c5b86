/** Sliders made by templates/_slider.html: the value is shown beside the label, spoken, and fills the track. */

/** @param {HTMLInputElement} range @returns {number} where the thumb stands, from 0 to 1 */
function share({ value, min, max }) {
  const [low, high] = [Number(min || 0), Number(max || 100)];
  return high > low ? (Number(value) - low) / (high - low) : 0;
}

/** The number as the page's language writes it, and with the name of an end where the thumb stands there.
 * @param {HTMLElement} slider @param {HTMLInputElement} range */
function texts(slider, range) {
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const shown = number.format(Number(range.value)) + (slider.dataset.unit ?? "");
  const end = { 0: "low", 1: "high" }[share(range)];
  const name = end && slider.querySelector(`[data-slider-${end}]`).textContent.trim();
  return { shown, spoken: name ? `${shown}, ${name}` : shown };
}

/** @param {HTMLElement} slider */
function show(slider) {
  const range = slider.querySelector("input");
  const { shown, spoken } = texts(slider, range);
  slider.querySelector("[data-slider-value]").textContent = shown;
  slider.style.setProperty("--fill", String(share(range)));
  range.setAttribute("aria-valuetext", spoken);
}

/** @param {ParentNode} root */
const showAll = (root) => root.querySelectorAll("[data-slider]").forEach(show);

document.addEventListener("input", (event) => {
  const slider = event.target.closest("[data-slider]");
  if (slider) show(slider);
});
// The fields have their first values again only after the event.
document.addEventListener("reset", (event) => setTimeout(() => showAll(event.target)));
// The page may come back from the browser's memory with what had been chosen.
window.addEventListener("pageshow", () => showAll(document));
document.addEventListener("htmx:load", (event) => showAll(event.target));
showAll(document);
