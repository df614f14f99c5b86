/** Before and after: lays the two pictures over each other, divided by a slider (pointer, touch or keyboard). */

/** @param {HTMLElement} figure */
function enhance(figure) {
  if (figure.classList.contains("is-ready")) return;
  const image = figure.querySelector("img");
  const control = figure.querySelector(".compare-control");
  const range = control.querySelector("input");
  const width = Number(image.getAttribute("width"));
  const ratio = width / Number(image.getAttribute("height"));

  const show = () => figure.style.setProperty("--split", `${range.value}%`);
  const follow = (/** @type {PointerEvent} */ event) => {
    const box = figure.getBoundingClientRect();
    range.value = String(((event.clientX - box.left) / box.width) * 100);
    show();
  };

  range.addEventListener("input", show);
  figure.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    figure.setPointerCapture(event.pointerId);
    follow(event);
  });
  figure.addEventListener("pointermove", (event) => {
    if (figure.hasPointerCapture(event.pointerId)) follow(event);
  });

  figure.style.setProperty("--ratio", String(ratio));
  figure.style.setProperty("--own", String(width));
  show();
  control.hidden = false;
  figure.querySelector(".compare-handle").hidden = false;
  figure.classList.add("is-ready");
}

/** @param {ParentNode} root */
const enhanceAll = (root) => root.querySelectorAll("[data-compare]").forEach(enhance);

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
