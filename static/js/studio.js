/** The studio's form: dropped and chosen files are shown and checked, and the easel shows what will be painted. */

const form = document.querySelector("[data-studio]");

/** @param {string} name */
const choice = (name) => form.querySelector(`[data-choice=${name}]`);

/** @param {string} name @param {string | null} address @param {string} label */
function tell(name, address, label) {
  const place = form.querySelector(`[data-tell=${name}]`);
  if (place) place.textContent = label || form.dataset.none;
  const image = form.querySelector(`[data-show=${name}]`);
  if (!image) return;
  image.hidden = !address;
  if (address) image.src = address;
}

/** @param {File} file @returns {string} what is wrong with the file, or nothing */
function complaint(file) {
  if (file.size > Number(form.dataset.maxMegabytes) * 2 ** 20) return form.dataset.tooLarge;
  // Some systems name no type for HEIC; the server decides then.
  return file.type && !file.type.startsWith("image/") ? form.dataset.notAPicture : "";
}

/** A photo or a style: either a file on the drop zone or one of the pictures beside it, never both. */
class PictureChoice {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.box = choice(name);
    this.drop = this.box.querySelector("[data-drop]");
    this.input = this.drop.querySelector("input[type=file]");
    this.preview = this.drop.querySelector("img");
    this.caption = this.drop.querySelector("[data-file-name]");
    this.prompt = this.caption.textContent;
    this.box.addEventListener("change", (event) => (event.target === this.input ? this.takeFile() : this.takePicture()));
    for (const type of ["dragenter", "dragover"]) this.drop.addEventListener(type, () => this.mark(true));
    for (const type of ["dragleave", "drop"]) this.drop.addEventListener(type, () => this.mark(false));
    this.preview.addEventListener("error", () => (this.preview.hidden = true));
    if (this.input.files.length) this.takeFile();
    else this.takePicture();
  }

  /** @param {boolean} over */
  mark(over) {
    this.drop.classList.toggle("is-over", over);
  }

  takeFile() {
    const [file] = this.input.files;
    const wrong = file ? complaint(file) : "";
    this.box.querySelector("[data-drop-error]").textContent = wrong;
    if (wrong) this.input.value = "";
    if (!file || wrong) return this.takePicture();
    for (const radio of this.box.querySelectorAll(":checked")) radio.checked = false;
    const address = this.showFile(file);
    tell(this.name, address, file.name);
  }

  takePicture() {
    const radio = this.box.querySelector("input[type=radio]:checked");
    if (radio) this.input.value = "";
    if (!this.input.files.length) this.showFile(null);
    const image = radio?.parentElement.querySelector("img");
    tell(this.name, image?.src ?? null, radio?.parentElement.querySelector("[data-name]")?.textContent ?? image?.alt ?? "");
  }

  /** @param {File | null} file @returns {string | null} the file's address in this page */
  showFile(file) {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = file && URL.createObjectURL(file);
    this.preview.hidden = !file;
    if (this.address) this.preview.src = this.address;
    this.caption.textContent = file ? file.name : this.prompt;
    this.drop.classList.toggle("has-file", Boolean(file));
    return this.address;
  }
}

function tellPreset() {
  const radio = choice("preset").querySelector(".option :checked");
  tell("preset", null, radio?.parentElement.querySelector("[data-name]").textContent ?? "");
}

/** @param {boolean} busy */
function showBusy(busy) {
  const button = form.querySelector("[data-submit]");
  const label = button.querySelector("[data-label]");
  label.dataset.idle ??= label.textContent;
  button.disabled = busy;
  button.classList.toggle("is-busy", busy);
  label.textContent = busy ? form.dataset.busy : label.dataset.idle;
}

new PictureChoice("photo");
new PictureChoice("style");
tellPreset();
choice("preset").addEventListener("change", tellPreset);
form.addEventListener("submit", () => showBusy(true));
// The page may come back from the browser's memory, as it was left.
window.addEventListener("pageshow", () => showBusy(false));
