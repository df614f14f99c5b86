/** A time-lapse begins anew each time it is opened. It never plays unasked, so whoever wants little motion sees none. */

document.addEventListener(
  "toggle",
  (event) => {
    const film = /** @type {HTMLDetailsElement} */ (event.target);
    if (!film.matches("[data-time-lapse][open]")) return;
    const image = film.querySelector("img");
    image.src = image.getAttribute("src");
  },
  // The event of a <details> does not rise.
  { capture: true },
);
