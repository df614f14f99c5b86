/** The batch's form: files are gathered from several choices and drops, shown, and checked before they are sent. */

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-batch]"));
const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
const list = /** @type {HTMLElement} */ (form.querySelector("[data-batch-files]"));
const drop = form.querySelector("[data-batch-drop]");
const most = Number(form.dataset.most);
/** @type {File[]} */
let gathered = [];

/** @param {File} file @returns {string} what is wrong with the file, or nothing */
function complaint(file) {
  if (file.size > Number(form.dataset.maxMegabytes) * 2 ** 20) return form.dataset.tooLarge;
  // Some systems name no type for HEIC; the server decides then.
  return file.type && !file.type.startsWith("image/") ? form.dataset.notAPicture : "";
}

/** @param {File} one @param {File} other */
const same = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

/** The field sends what is in order; what is not stays in sight with the reason. */
function fill() {
  const sent = new DataTransfer();
  for (const file of gathered) if (!complaint(file)) sent.items.add(file);
  input.files = sent.files;
}

function gather() {
  for (const file of input.files) if (!gathered.some((other) => same(file, other))) gathered.push(file);
  show();
}

/** @param {File} file */
function leaveOut(file) {
  gathered = gathered.filter((other) => other !== file);
  show();
  (list.querySelector("button") ?? input).focus();
}

function show() {
  fill();
  for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  list.replaceChildren(...gathered.map(tile));
  list.hidden = !gathered.length;
  count();
}

/** @param {File} file */
function tile(file) {
  const wrong = complaint(file);
  const item = document.createElement("li");
  item.classList.toggle("is-wrong", Boolean(wrong));
  const image = document.createElement("img");
  image.alt = "";
  image.src = URL.createObjectURL(file);
  const name = document.createElement("span");
  name.className = "batch-file-name";
  name.textContent = file.name;
  item.append(image, name, leaveOutButton(file));
  if (wrong) item.append(told(wrong));
  return item;
}

/** @param {string} wrong */
function told(wrong) {
  const sentence = document.createElement("p");
  sentence.className = "errors";
  sentence.textContent = wrong;
  return sentence;
}

/** @param {File} file */
function leaveOutButton(file) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", form.dataset.leaveOut.replace("{name}", file.name));
  button.addEventListener("click", () => leaveOut(file));
  return button;
}

function count() {
  const chosen = input.files.length + form.querySelectorAll("input[name=photos]:checked").length;
  const place = form.querySelector("[data-batch-count]");
  place.textContent = form.dataset.count.replace("{count}", String(chosen)).replace("{most}", String(most));
  place.classList.toggle("is-too-many", chosen > most);
  form.querySelector("[data-batch-submit]").disabled = chosen > most;
}

/** @param {boolean} busy */
function showBusy(busy) {
  const button = form.querySelector("[data-batch-submit]");
  const label = button.querySelector("[data-label]");
  label.dataset.idle ??= label.textContent;
  button.classList.toggle("is-busy", busy);
  button.disabled = busy;
  label.textContent = busy ? form.dataset.busy : label.dataset.idle;
  if (!busy) count();
}

input.addEventListener("change", gather);
form.addEventListener("change", (event) => event.target !== input && count());
for (const type of ["dragenter", "dragover"]) drop.addEventListener(type, () => drop.classList.add("is-over"));
for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => drop.classList.remove("is-over"));
form.addEventListener("submit", () => showBusy(true));
// The page may come back from the browser's memory, as it was left.
window.addEventListener("pageshow", () => showBusy(false));
if (input.files.length) gather();
