/** Sends a chosen photo part by part, so that it survives a lost connection, and even a closed page: whoever chooses the
 * same file again goes on where it broke off. The studio is told by events on its form: `upload:done` with the photo,
 * `upload:refused` with a sentence, `upload:failed` where the form has to carry the file itself. */

const form = document.querySelector("[data-studio]");
const box = form.querySelector("[data-upload]");
const text = box.querySelector("[data-upload-text]");
const SMALLEST_PART = 64 * 1024;
const LARGEST_PART = 1024 * 1024;
/** A part that takes less is followed by one of twice its size, one that takes more by one of half of it. */
const PART_MS = 800;
const TRIES = 8;

class Refused extends Error {}

/** @param {string} address @param {RequestInit} options */
async function send(address, options) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(address, { ...options, headers: { "X-CSRFToken": token, ...options.headers } });
  if (response.status >= 500) throw new TypeError(`status ${response.status}`);
  return response;
}

/** @param {Response} response */
async function refuse(response) {
  const { error } = await response.json().catch(() => ({}));
  throw new Refused(error ?? String(response.status));
}

class Upload {
  /** @param {File} file */
  constructor(file) {
    this.file = file;
    this.key = `upload ${file.name} ${file.size} ${file.lastModified}`;
    this.aborter = new AbortController();
    this.part = 2 * SMALLEST_PART;
    this.failures = 0;
  }

  stop() {
    this.aborter.abort();
    box.hidden = true;
  }

  /** @returns {Promise<object | null>} the stored photo; nothing where it was stopped */
  async run() {
    box.hidden = false;
    let offset = null;
    while (!this.aborter.signal.aborted) {
      try {
        offset ??= await this.begin();
        const answer = await this.sendPart(offset);
        this.failures = 0;
        if (answer.photo) return answer.photo;
        offset = answer.offset;
        this.show(offset);
      } catch (error) {
        if (error instanceof Refused || this.aborter.signal.aborted) throw error;
        this.failures += 1;
        if (this.failures > TRIES) throw error;
        text.textContent = form.dataset.offline;
        await this.pause();
        offset = null;
      }
    }
    return null;
  }

  /** @returns {Promise<number>} from where on the file is missing on the server */
  async begin() {
    this.address ??= sessionStorage.getItem(this.key);
    if (this.address) {
      const known = await send(this.address, { method: "HEAD", signal: this.aborter.signal });
      if (known.ok) return Number(known.headers.get("Upload-Offset"));
    }
    const headers = { "Upload-Length": String(this.file.size) };
    const made = await send(form.dataset.uploads, { method: "POST", headers, signal: this.aborter.signal });
    if (!made.ok) await refuse(made);
    this.address = made.headers.get("Location");
    sessionStorage.setItem(this.key, this.address);
    return 0;
  }

  /** @param {number} offset */
  async sendPart(offset) {
    const started = performance.now();
    const body = this.file.slice(offset, offset + this.part);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    const answer = await send(this.address, { method: "PATCH", headers, body, signal: this.aborter.signal });
    if (answer.status === 409) return { offset: Number(answer.headers.get("Upload-Offset")) };
    if (!answer.ok) {
      sessionStorage.removeItem(this.key);
      await refuse(answer);
    }
    this.resize(performance.now() - started);
    if (answer.status !== 201) return { offset: offset + body.size };
    sessionStorage.removeItem(this.key);
    return { photo: await answer.json() };
  }

  /** @param {number} took */
  resize(took) {
    const next = took < PART_MS ? this.part * 2 : this.part / 2;
    this.part = Math.min(Math.max(next, SMALLEST_PART), LARGEST_PART);
  }

  /** @param {number} offset */
  show(offset) {
    const percent = Math.floor((100 * offset) / this.file.size);
    box.querySelector("progress").value = percent;
    text.textContent = `${percent}%`;
  }

  /** Until the connection is back, or a little longer each time where nobody can tell. */
  pause() {
    const wait = Math.min(1000 * 2 ** (this.failures - 1), 15_000);
    return new Promise((resolve) => {
      setTimeout(resolve, wait);
      window.addEventListener("online", resolve, { once: true });
    });
  }
}

/** @type {Upload | null} */
let current = null;

/** @param {string} name @param {unknown} detail */
const tell = (name, detail) => form.dispatchEvent(new CustomEvent(`upload:${name}`, { detail }));

/** @param {File} file */
async function take(file) {
  current?.stop();
  const upload = new Upload(file);
  current = upload;
  try {
    const photo = await upload.run();
    if (photo && current === upload) tell("done", photo);
  } catch (error) {
    if (current !== upload) return;
    if (error instanceof Refused) tell("refused", error.message);
    else tell("failed", form.dataset.uploadFailed);
  }
  if (current !== upload) return;
  current = null;
  box.hidden = true;
}

form.addEventListener("photo:chosen", (event) => take(event.detail));
form.addEventListener("photo:dropped", () => {
  current?.stop();
  current = null;
});
