/** The studio's form: photos and styles are chosen, shown on the easel and written into the address. */

const form = document.querySelector("[data-studio]");
const easel = document.querySelector("[data-easel]");
const onEasel = document.querySelector("[data-on-easel]");
/** What the address need not say, for it is so anyway. */
const USUAL = { size: "", strength: "50", brush: "50", colours: "style", init: "photo", seed: "" };

/** @param {string} name */
const choice = (name) => form.querySelector(`[data-choice=${name}]`);

/** @param {string} name @param {string | null} address */
function show(name, address) {
  const image = easel.querySelector(`[data-show=${name}]`);
  image.hidden = !address;
  if (address) image.src = address;
}

/** Takes the last painting from the easel: another is being prepared. */
function clearEasel() {
  if (onEasel) onEasel.hidden = true;
  easel.hidden = false;
}

/** @param {File} file @returns {string} what is wrong with the file, or nothing */
function complaint(file) {
  if (file.size > Number(form.dataset.maxMegabytes) * 2 ** 20) return form.dataset.tooLarge;
  // Some systems name no type for HEIC; the server decides then.
  return file.type && !file.type.startsWith("image/") ? form.dataset.notAPicture : "";
}

/** A place to drop a file on, with a preview of it. */
class Drop {
  /** @param {HTMLElement} box @param {(file: File | null) => void} take */
  constructor(box, take) {
    this.take = take;
    this.drop = box.querySelector("[data-drop]");
    this.input = this.drop.querySelector("input[type=file]");
    this.preview = this.drop.querySelector("img");
    this.caption = this.drop.querySelector("[data-file-name]");
    this.prompt = this.caption.textContent;
    this.trouble = box.querySelector("[data-drop-error]");
    this.input.addEventListener("change", () => this.chosen());
    for (const type of ["dragenter", "dragover"]) this.drop.addEventListener(type, () => this.mark(true));
    for (const type of ["dragleave", "drop"]) this.drop.addEventListener(type, () => this.mark(false));
    this.preview.addEventListener("error", () => (this.preview.hidden = true));
  }

  get file() {
    return this.input.files[0] ?? null;
  }

  /** @param {boolean} over */
  mark(over) {
    this.drop.classList.toggle("is-over", over);
  }

  /** @param {string} sentence */
  complain(sentence) {
    this.trouble.textContent = sentence;
  }

  chosen() {
    const wrong = this.file ? complaint(this.file) : "";
    this.complain(wrong);
    if (wrong) this.input.value = "";
    this.draw();
    this.take(this.file);
  }

  /** @param {File} file */
  put(file) {
    const files = new DataTransfer();
    files.items.add(file);
    this.input.files = files.files;
    this.chosen();
  }

  clear() {
    this.input.value = "";
    this.draw();
  }

  draw() {
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = this.file && URL.createObjectURL(this.file);
    this.preview.hidden = !this.file;
    if (this.address) this.preview.src = this.address;
    this.caption.textContent = this.file ? this.file.name : this.prompt;
    this.drop.classList.toggle("has-file", Boolean(this.file));
  }
}

/** One photo: a file, which is sent at once, or one of those that are there. */
class PhotoChoice {
  constructor() {
    this.box = choice("photo");
    this.shelf = this.box.querySelector("[data-photos]");
    this.drop = new Drop(this.box, (file) => this.takeFile(file));
    this.shelf.addEventListener("change", () => this.takePicture());
    form.addEventListener("upload:done", (event) => this.stored(event.detail));
    form.addEventListener("upload:refused", (event) => this.refused(event.detail));
    form.addEventListener("upload:failed", (event) => this.drop.complain(event.detail));
    document.addEventListener("paste", (event) => this.paste(event));
  }

  /** A file may have been chosen before this was there to see it, or be left from an earlier visit. */
  start() {
    if (this.drop.file) this.drop.chosen();
    else this.showPicture();
  }

  get radio() {
    return this.shelf.querySelector(":checked");
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (file) this.drop.put(file);
  }

  /** @param {File | null} file */
  takeFile(file) {
    if (!file) return this.takePicture();
    if (this.radio) this.radio.checked = false;
    clearEasel();
    show("photo", this.drop.address);
    this.isOnItsWay = true;
    form.dispatchEvent(new CustomEvent("photo:chosen", { detail: file }));
    changed();
  }

  takePicture() {
    if (this.isOnItsWay) form.dispatchEvent(new CustomEvent("photo:dropped"));
    this.isOnItsWay = false;
    this.drop.complain("");
    this.drop.clear();
    clearEasel();
    this.showPicture();
  }

  showPicture() {
    const image = this.radio?.parentElement.querySelector("img");
    show("photo", image?.dataset.whole ?? null);
  }

  /** The stored photo takes the file's place. @param {{id: string, image: string, thumbnail: string, width: number, height: number}} photo */
  stored(photo) {
    const swatch = document.createElement("label");
    swatch.className = "swatch";
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "photo", value: photo.id, checked: true });
    const image = Object.assign(document.createElement("img"), { src: photo.thumbnail, alt: this.drop.file?.name ?? "" });
    image.width = photo.width;
    image.height = photo.height;
    image.dataset.whole = photo.image;
    swatch.append(radio, image);
    this.shelf.prepend(swatch);
    this.shelf.scrollTo({ left: 0 });
    this.isOnItsWay = false;
    this.drop.clear();
    this.showPicture();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    submitIfWaiting();
  }

  /** @param {string} sentence */
  refused(sentence) {
    this.isOnItsWay = false;
    this.drop.clear();
    this.drop.complain(sentence);
    show("photo", null);
    isWaiting = false;
    showBusy(false);
  }
}

/** Up to four styles, or one at a time unless they are to be mixed. */
class StyleChoice {
  constructor() {
    this.box = choice("style");
    this.shelf = this.box.querySelector("[data-shelf]");
    this.mix = this.box.querySelector("[data-mix]");
    this.drop = new Drop(this.box, (file) => this.takeFile(file));
    this.shelf.addEventListener("change", (event) => this.chosen(event.target));
    this.mix.addEventListener("change", () => this.mixed());
    this.order = this.checked.map(({ value }) => value);
  }

  /** More than one may have been ticked before this was there to see it: the one that the page did not come with counts. */
  start() {
    if (this.drop.file) this.drop.chosen();
    if (!this.mix.checked && this.checked.length > 1) {
      this.keepOnly(this.checked.find(({ defaultChecked }) => !defaultChecked) ?? this.checked[0]);
    }
    this.arrange();
    this.showStyle();
  }

  get checked() {
    return [...this.shelf.querySelectorAll("[type=checkbox]:checked")];
  }

  /** @param {HTMLInputElement} box */
  chosen(box) {
    if (box.type !== "checkbox") return;
    if (!this.mix.checked) this.keepOnly(box);
    else if (this.count > Number(form.dataset.mostStyles)) {
      box.checked = false;
      this.drop.complain(form.dataset.most);
      return;
    }
    this.drop.complain("");
    this.order = this.order.filter((value) => value !== box.value);
    if (box.checked) this.order.push(box.value);
    this.arrange();
    this.showStyle();
  }

  get count() {
    return this.checked.length + (this.drop.file ? 1 : 0);
  }

  /** One style at a time: a style is changed by choosing another, and is never taken away. @param {HTMLInputElement} box */
  keepOnly(box) {
    for (const other of this.checked) other.checked = other === box;
    box.checked = true;
    this.order = [box.value];
    this.drop.clear();
  }

  mixed() {
    const [first] = this.order;
    if (!this.mix.checked && this.count > 1 && first) this.keepOnly(this.shelf.querySelector(`[value="${first}"]`));
    if (!this.mix.checked) this.order = this.checked.map(({ value }) => value);
    this.showStyle();
    changed();
  }

  /** @param {File | null} file */
  takeFile(file) {
    if (file && !this.mix.checked) for (const other of this.checked) other.checked = false;
    if (!this.mix.checked) this.order = [];
    if (file && this.count > Number(form.dataset.mostStyles)) {
      this.drop.clear();
      this.drop.complain(form.dataset.most);
    }
    this.showStyle();
    changed();
  }

  /** The boxes are sent in the order of the page; the first style chosen gives the painting its name. */
  arrange() {
    for (const item of this.shelf.querySelectorAll("[data-number]")) delete item.dataset.number;
    this.order.forEach((value, index) => {
      this.shelf.querySelector(`[data-style="${value}"]`).dataset.number = String(index + 1);
    });
  }

  showStyle() {
    const [first] = this.order;
    const image = first && this.shelf.querySelector(`[data-style="${first}"] img`);
    show("style", this.drop.address ?? image?.src ?? null);
    this.box.classList.toggle("is-mix", this.mix.checked);
  }
}

/** Which styles the shelf shows: by words, and by what they are to whoever looks. */
function setUpShelf() {
  const box = choice("style");
  const search = box.querySelector("[data-shelf-search]");
  const filters = [...box.querySelectorAll("[data-shelf-filter]")];
  let wanted = "";

  /** @param {HTMLElement} item */
  const isWanted = (item) => {
    if (wanted === "favourite") return item.querySelector(".heart").getAttribute("aria-pressed") === "true";
    return !wanted || item.dataset.is.split(" ").includes(wanted);
  };
  const apply = () => {
    const words = search.value.trim().toLocaleLowerCase().split(/\s+/);
    const items = [...box.querySelectorAll(".shelf-item")];
    for (const item of items) {
      const text = item.dataset.words.toLocaleLowerCase();
      item.hidden = !(isWanted(item) && words.every((word) => text.includes(word)));
    }
    box.querySelector("[data-shelf-empty]").hidden = items.some((item) => !item.hidden);
  };
  search.addEventListener("input", apply);
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  for (const filter of filters) {
    filter.addEventListener("click", () => {
      wanted = filter.dataset.shelfFilter;
      for (const other of filters) other.setAttribute("aria-pressed", String(other === filter));
      apply();
    });
  }
  box.addEventListener("htmx:afterSwap", apply);
  // Words may have been typed before this was there to read them.
  apply();
}

/** The address at which the studio is filled in as it is now. */
function address() {
  const chosen = new FormData(form);
  const query = new URLSearchParams();
  for (const name of ["photo", "preset", "size", "strength", "brush", "colours", "init", "seed"]) {
    const value = chosen.get(name);
    if (value !== null && value !== USUAL[name]) query.set(name, String(value));
  }
  if (chosen.get("init") === "gan") {
    for (const name of ["generator", "gan_strength"]) if (chosen.get(name)) query.set(name, String(chosen.get(name)));
  }
  for (const style of styles.order) query.append("style", style);
  if (styles.order.length > 1) for (const style of styles.order) query.set(`weight-${style}`, String(chosen.get(`weight-${style}`)));
  return `${location.pathname}?${query}`;
}

/** While a painting stands on the easel, the address is the painting's. */
function changed() {
  if (!onEasel || onEasel.hidden) history.replaceState(history.state, "", address());
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

/** Whether the form is to be sent as soon as the photo is there. */
let isWaiting = false;

function submitIfWaiting() {
  if (!isWaiting) return;
  isWaiting = false;
  form.requestSubmit();
}

/** @param {SubmitEvent} event */
function submitted(event) {
  showBusy(true);
  if (photos.isOnItsWay) {
    event.preventDefault();
    isWaiting = true;
  }
}

/** @param {MouseEvent} event */
async function copyLink({ currentTarget: button }) {
  await navigator.clipboard.writeText(location.origin + address());
  button.textContent = button.dataset.copied;
}

const photos = new PhotoChoice();
const styles = new StyleChoice();
photos.start();
styles.start();
setUpShelf();
form.addEventListener("change", changed);
form.addEventListener("formdata", ({ formData }) => {
  if (!styles.order.length) return;
  formData.delete("style");
  for (const style of styles.order) formData.append("style", style);
});
form.addEventListener("submit", submitted);
form.addEventListener("upload:failed", () => {
  photos.isOnItsWay = false;
  submitIfWaiting();
});
form.querySelector("[data-copy-link]").addEventListener("click", copyLink);
// A picture dropped beside its place is meant for it all the same.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  const file = event.dataTransfer?.files[0];
  if (!file || event.target.closest("[data-drop]")) return;
  event.preventDefault();
  photos.drop.put(file);
});
// The page may come back from the browser's memory, as it was left.
window.addEventListener("pageshow", () => showBusy(false));
