/** Where each style goes: a brush over the photo, in a dialog. Each style has a layer of its own, and what is painted with
 * one is taken from the others, so that the layers' soft edges add up. The masks go with the form as grey pictures. */

const form = document.querySelector("[data-studio]");
const dialog = document.querySelector("[data-regions]");
const board = dialog.querySelector("[data-regions-board]");
const chooser = dialog.querySelector("[data-regions-styles]");
const size = dialog.querySelector("[data-regions-size]");
const undo = dialog.querySelector("[data-regions-undo]");
const text = form.querySelector("[data-regions-text]");
const LONG_SIDE = 640;
const REMEMBERED = 8;
/** How far the brush's soft edge reaches in, of its radius. */
const HARD = 0.55;

/** @param {number} width @param {number} height */
const canvasOf = (width, height) => Object.assign(document.createElement("canvas"), { width, height });

/** The photo's layers, one a style: opaque where it is painted. */
class Painting {
  /** @param {HTMLImageElement} photo @param {string[]} styles */
  constructor(photo, styles) {
    const scale = LONG_SIDE / Math.max(photo.naturalWidth, photo.naturalHeight);
    this.width = Math.round(photo.naturalWidth * scale);
    this.height = Math.round(photo.naturalHeight * scale);
    this.photo = photo;
    this.layers = new Map(styles.map((style) => [style, canvasOf(this.width, this.height)]));
    this.view = canvasOf(this.width, this.height);
    this.tint = canvasOf(this.width, this.height);
    this.past = [];
    this.fill(styles[0]);
    this.past = [];
  }

  remember() {
    const copies = [...this.layers].map(([style, layer]) => {
      const copy = canvasOf(this.width, this.height);
      copy.getContext("2d").drawImage(layer, 0, 0);
      return [style, copy];
    });
    this.past.push(new Map(copies));
    if (this.past.length > REMEMBERED) this.past.shift();
  }

  stepBack() {
    this.layers = this.past.pop() ?? this.layers;
    this.draw();
  }

  /** Everything in one style; in none, the photo stays. @param {string} style */
  fill(style) {
    this.remember();
    for (const [name, layer] of this.layers) {
      const pen = layer.getContext("2d");
      pen.clearRect(0, 0, this.width, this.height);
      pen.fillStyle = "#fff";
      if (name === style) pen.fillRect(0, 0, this.width, this.height);
    }
    this.draw();
  }

  /** @param {string} style @param {{x: number, y: number}} from @param {{x: number, y: number}} to @param {number} radius */
  stroke(style, from, to, radius) {
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (radius / 3)));
    for (let step = 1; step <= steps; step += 1) {
      const share = step / steps;
      this.dab(style, from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share, radius);
    }
    this.draw();
  }

  /** @param {string} style @param {number} x @param {number} y @param {number} radius */
  dab(style, x, y, radius) {
    for (const [name, layer] of this.layers) {
      const pen = layer.getContext("2d");
      const soft = pen.createRadialGradient(x, y, radius * HARD, x, y, radius);
      soft.addColorStop(0, "#fff");
      soft.addColorStop(1, "#fff0");
      pen.globalCompositeOperation = name === style ? "source-over" : "destination-out";
      pen.fillStyle = soft;
      pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      pen.globalCompositeOperation = "source-over";
    }
  }

  /** The photo under each style's tint. */
  draw() {
    const pen = this.view.getContext("2d");
    pen.globalAlpha = 1;
    pen.drawImage(this.photo, 0, 0, this.width, this.height);
    const colours = getComputedStyle(dialog);
    [...this.layers.values()].forEach((layer, index) => {
      const tint = this.tint.getContext("2d");
      tint.globalCompositeOperation = "copy";
      tint.drawImage(layer, 0, 0);
      tint.globalCompositeOperation = "source-in";
      tint.fillStyle = colours.getPropertyValue(`--region-${index + 1}`);
      tint.fillRect(0, 0, this.width, this.height);
      pen.globalAlpha = 0.5;
      pen.drawImage(this.tint, 0, 0);
    });
    undo.disabled = !this.past.length;
  }

  /** @param {string} style @param {HTMLImageElement} mask */
  load(style, mask) {
    const layer = this.layers.get(style);
    const pen = layer.getContext("2d");
    pen.drawImage(mask, 0, 0, this.width, this.height);
    const pixels = pen.getImageData(0, 0, this.width, this.height);
    // What is grey in a file is transparency here.
    for (let at = 0; at < pixels.data.length; at += 4) pixels.data[at + 3] = pixels.data[at];
    pen.putImageData(pixels, 0, 0);
  }

  /** @param {string} style @returns {Promise<File>} */
  async mask(style) {
    const grey = canvasOf(this.width, this.height);
    const pen = grey.getContext("2d");
    pen.fillRect(0, 0, this.width, this.height);
    pen.drawImage(this.layers.get(style), 0, 0);
    const blob = await new Promise((resolve) => grey.toBlob(resolve, "image/png"));
    return new File([blob], `${style}.png`, { type: "image/png" });
  }
}

/** @type {Painting | null} */
let painting = null;
/** What the painting is of: it is void when photo or styles are others. */
let subject = "";
let cursor = { x: 0, y: 0 };

/** @returns {string[]} */
const chosenStyles = () => new FormData(form).getAll("style").map(String);
const photoImage = () => document.querySelector("[data-show=photo]");
const brush = () => dialog.querySelector("[name=region-brush]:checked")?.value ?? "";
const radius = () => (Number(size.value) / 100) * LONG_SIDE;
const subjectNow = () => [photoImage().src, ...chosenStyles()].join(" ");

/** @param {string} address */
async function loaded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** One button a style, in the colour that marks it on the photo. @param {string[]} styles */
function listStyles(styles) {
  chooser.replaceChildren(
    ...styles.map((style, index) => {
      const item = form.querySelector(`[data-style="${style}"]`);
      const label = document.createElement("label");
      label.className = "region-style";
      const radio = Object.assign(document.createElement("input"), { type: "radio", name: "region-brush", value: style });
      const image = Object.assign(document.createElement("img"), { src: item.querySelector("img").src, alt: "", width: 48, height: 48 });
      const name = Object.assign(document.createElement("span"), { textContent: item.querySelector("[data-name]").textContent });
      const mark = Object.assign(document.createElement("span"), { className: `region-mark region-mark--${index + 1}` });
      label.append(radio, image, mark, name);
      return label;
    }),
  );
  // With one style alone, what there is to paint is where the photo stays.
  const first = styles.length > 1 ? chooser.querySelectorAll("input")[1] : dialog.querySelector("[name=region-brush][value='']");
  first.checked = true;
}

/** The masks of the painting that the studio was filled in from. @param {Painting} fresh @param {string[]} styles */
async function loadEarlier(fresh, styles) {
  const earlier = [...document.querySelectorAll("[data-mask]")];
  const isTheSame = form.elements.regions_of?.value && styles.every((style) => earlier.some(({ dataset }) => dataset.mask === style));
  if (!isTheSame) return;
  fresh.fill("");
  for (const { dataset } of earlier) {
    if (fresh.layers.has(dataset.mask)) fresh.load(dataset.mask, await loaded(dataset.address));
  }
  fresh.past = [];
  fresh.draw();
}

async function open() {
  const styles = chosenStyles();
  const image = photoImage();
  if (image.hidden || !styles.length) {
    text.textContent = dialog.dataset.photoNeeded;
    return;
  }
  if (subject !== subjectNow()) {
    painting = new Painting(await loaded(image.src), styles);
    await loadEarlier(painting, styles);
    subject = subjectNow();
    setUp(painting.view);
    listStyles(styles);
  }
  painting.draw();
  dialog.showModal();
  painting.view.focus();
}

/** @param {HTMLCanvasElement} view */
function setUp(view) {
  view.tabIndex = 0;
  view.setAttribute("role", "application");
  view.setAttribute("aria-label", dialog.dataset.canvasLabel);
  const ring = document.createElement("span");
  ring.className = "regions-ring";
  ring.hidden = true;
  board.replaceChildren(view, ring);
  cursor = { x: view.width / 2, y: view.height / 2 };

  const place = (/** @type {PointerEvent} */ event) => {
    const box = view.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * view.width, y: ((event.clientY - box.top) / box.height) * view.height };
  };
  const showRing = () => {
    const box = view.getBoundingClientRect();
    const outer = board.getBoundingClientRect();
    const scale = box.width / view.width;
    ring.hidden = false;
    ring.style.setProperty("--x", `${box.left - outer.left + cursor.x * scale}px`);
    ring.style.setProperty("--y", `${box.top - outer.top + cursor.y * scale}px`);
    ring.style.setProperty("--d", `${2 * radius() * scale}px`);
  };
  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    view.setPointerCapture(event.pointerId);
    painting.remember();
    cursor = place(event);
    painting.stroke(brush(), cursor, cursor, radius());
    showRing();
  });
  view.addEventListener("pointermove", (event) => {
    const at = place(event);
    if (view.hasPointerCapture(event.pointerId)) painting.stroke(brush(), cursor, at, radius());
    cursor = at;
    showRing();
  });
  view.addEventListener("pointerleave", () => (ring.hidden = true));
  view.addEventListener("keydown", (event) => {
    const step = radius() / 2;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key === " ") {
      painting.remember();
      painting.stroke(brush(), cursor, cursor, radius());
    } else if (event.key in moves) {
      const [x, y] = moves[event.key];
      cursor = { x: Math.min(Math.max(cursor.x + x, 0), view.width), y: Math.min(Math.max(cursor.y + y, 0), view.height) };
    } else return;
    event.preventDefault();
    showRing();
  });
}

function removeMasks() {
  for (const input of form.querySelectorAll("[name^=mask-]")) input.remove();
  if (form.elements.regions_of) form.elements.regions_of.value = "";
}

function forget() {
  removeMasks();
  painting = null;
  subject = "";
}

async function done() {
  removeMasks();
  for (const style of painting.layers.keys()) {
    const files = new DataTransfer();
    files.items.add(await painting.mask(style));
    const input = Object.assign(document.createElement("input"), { type: "file", name: `mask-${style}`, hidden: true });
    input.files = files.files;
    form.append(input);
  }
  text.textContent = dialog.dataset.painted;
  dialog.close();
}

/** Regions are of one photo and of certain styles. */
function check() {
  const isPainted = form.querySelector("[name^=mask-]") || form.elements.regions_of?.value;
  if (!isPainted || !subject || subject === subjectNow()) return;
  forget();
  text.textContent = dialog.dataset.cleared;
}

form.querySelector("[data-regions-open]").addEventListener("click", open);
form.addEventListener("change", check);
dialog.querySelector("[data-regions-done]").addEventListener("click", done);
undo.addEventListener("click", () => painting.stepBack());
dialog.querySelector("[data-regions-fill]").addEventListener("click", () => painting.fill(brush()));
dialog.querySelector("[data-regions-remove]").addEventListener("click", () => {
  forget();
  text.textContent = "";
  dialog.close();
});
