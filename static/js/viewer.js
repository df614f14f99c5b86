/** A picture in full size in a dialog: moved by pointer, touch or arrow keys, zoomed by wheel, pinch, + and −. */

const STEP = 1.25;
const MOST = 8;
const MOVE_PX = 80;
/** A wheel's notch is about a hundred pixels. */
const WHEEL = 0.0022;

/** @typedef {{x: number, y: number}} Point */

class Viewer {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.canvas = /** @type {HTMLElement} */ (dialog.querySelector("[data-viewer-canvas]"));
    this.image = /** @type {HTMLImageElement} */ (dialog.querySelector("img"));
    this.percent = dialog.querySelector("[data-viewer-percent]");
    this.width = Number(this.image.getAttribute("width"));
    this.height = Number(this.image.getAttribute("height"));
    /** The middle of the picture, from the middle of the canvas. */
    this.at = { x: 0, y: 0 };
    this.scale = 1;
    /** @type {Map<number, Point>} */
    this.held = new Map();
    dialog.addEventListener("click", (event) => this.press(/** @type {Element} */ (event.target)));
    dialog.addEventListener("keydown", (event) => this.type(event));
    this.canvas.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    this.canvas.addEventListener("dblclick", (event) => this.toggle(this.place(event)));
    this.canvas.addEventListener("pointerdown", (event) => this.hold(event));
    this.canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const type of ["pointerup", "pointercancel"]) this.canvas.addEventListener(type, (event) => this.release(event));
    new ResizeObserver(() => dialog.open && this.draw()).observe(this.canvas);
  }

  open() {
    if (!this.image.src) this.image.src = this.image.dataset.viewerSrc;
    this.dialog.showModal();
    this.at = { x: 0, y: 0 };
    this.zoom(this.actual);
  }

  /** One pixel of the picture to each of the screen's own. */
  get actual() {
    return 1 / (window.devicePixelRatio || 1);
  }

  get whole() {
    const { clientWidth, clientHeight } = this.canvas;
    return Math.min(clientWidth / this.width, clientHeight / this.height, MOST * this.actual);
  }

  /** Zooms so that what is under `point` stays there. @param {number} scale @param {Point} point */
  zoom(scale, point = { x: 0, y: 0 }) {
    const least = Math.min(this.whole, this.actual);
    const next = Math.min(Math.max(scale, least), MOST * this.actual);
    const grown = next / this.scale;
    this.at = { x: point.x + (this.at.x - point.x) * grown, y: point.y + (this.at.y - point.y) * grown };
    this.scale = next;
    this.draw();
  }

  /** @param {number} x @param {number} y */
  move(x, y) {
    this.at = { x: this.at.x + x, y: this.at.y + y };
    this.draw();
  }

  /** @param {Point} point */
  toggle(point) {
    this.zoom(Math.abs(this.scale - this.actual) < 0.001 ? this.whole : this.actual, point);
  }

  draw() {
    const room = (/** @type {number} */ side, /** @type {number} */ canvas) => Math.max(0, (side * this.scale - canvas) / 2);
    const keep = (/** @type {number} */ at, /** @type {number} */ most) => Math.min(Math.max(at, -most), most);
    this.at = {
      x: keep(this.at.x, room(this.width, this.canvas.clientWidth)),
      y: keep(this.at.y, room(this.height, this.canvas.clientHeight)),
    };
    const left = this.at.x - (this.width * this.scale) / 2;
    const top = this.at.y - (this.height * this.scale) / 2;
    this.image.style.transform = `translate(${left}px, ${top}px) scale(${this.scale})`;
    this.percent.textContent = `${Math.round((this.scale / this.actual) * 100)}%`;
  }

  /** @param {string} what */
  act(what) {
    if (what === "in") this.zoom(this.scale * STEP);
    if (what === "out") this.zoom(this.scale / STEP);
    if (what === "whole") this.zoom(this.whole);
    if (what === "actual") this.zoom(this.actual);
    if (what === "close") this.dialog.close();
  }

  /** @param {Element} target */
  press(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-viewer-do]"));
    if (button) this.act(button.dataset.viewerDo);
  }

  /** @param {KeyboardEvent} event */
  type(event) {
    const acts = { "+": "in", "=": "in", "-": "out", "0": "whole", "1": "actual" };
    const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in acts) this.act(acts[event.key]);
    else if (event.key in moves) this.move(moves[event.key][0] * MOVE_PX, moves[event.key][1] * MOVE_PX);
    else return;
    event.preventDefault();
  }

  /** @param {WheelEvent} event */
  turn(event) {
    event.preventDefault();
    this.zoom(this.scale * Math.exp(-event.deltaY * WHEEL), this.place(event));
  }

  /** From the middle of the canvas. @param {MouseEvent} event @returns {Point} */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  /** @param {PointerEvent} event */
  hold(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.held.set(event.pointerId, this.place(event));
    this.canvas.classList.add("is-held");
  }

  /** One pointer moves the picture, two move and zoom it. @param {PointerEvent} event */
  drag(event) {
    if (!this.held.has(event.pointerId)) return;
    const before = this.grip();
    this.held.set(event.pointerId, this.place(event));
    const now = this.grip();
    this.move(now.middle.x - before.middle.x, now.middle.y - before.middle.y);
    if (before.span && now.span) this.zoom((this.scale * now.span) / before.span, now.middle);
  }

  /** @param {PointerEvent} event */
  release(event) {
    this.held.delete(event.pointerId);
    if (!this.held.size) this.canvas.classList.remove("is-held");
  }

  /** Where the pointers are, and how far from each other. @returns {{middle: Point, span: number}} */
  grip() {
    const [one, two = one] = this.held.values();
    const middle = { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
    return { middle, span: Math.hypot(one.x - two.x, one.y - two.y) };
  }
}

/** @type {WeakMap<HTMLDialogElement, Viewer>} */
const viewers = new WeakMap();

document.addEventListener("click", (event) => {
  const opener = /** @type {Element} */ (event.target).closest("[data-viewer-open]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const dialog = document.querySelector("[data-viewer]");
  if (!viewers.has(dialog)) viewers.set(dialog, new Viewer(dialog));
  viewers.get(dialog).open();
});
