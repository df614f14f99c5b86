/** Keeps the keyboard's place when HTMX swaps a part of the page that had it. HTMX itself finds what has the same id. */

/** @type {boolean} */
let hadFocus = false;

/** @param {Element} region */
function takeFocus(region) {
  const place = region.matches("h1, h2, h3, a, button, input") ? region : (region.querySelector("h1, h2, h3") ?? region);
  if (place.tabIndex < 0) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  hadFocus = detail.target.contains(document.activeElement) && document.activeElement !== document.body;
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const isLost = !document.activeElement || document.activeElement === document.body;
  if (hadFocus && isLost && target instanceof Element) takeFocus(target);
  hadFocus = false;
});
