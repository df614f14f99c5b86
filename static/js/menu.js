/** Menus made of <details data-menu>: a click elsewhere or Escape closes them, and one is open at a time. Of a menu that
 * is wider than the screen the page that one is on is brought into sight. */

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

/** @param {Element} menu */
function bringIntoSight(menu) {
  const here = /** @type {HTMLElement | null} */ (menu.querySelector("[aria-current]"));
  if (here) menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
}

const menus = new ResizeObserver((changes) => changes.forEach((change) => bringIntoSight(change.target)));
for (const menu of document.querySelectorAll(".site-nav, .manage-nav")) menus.observe(menu);
