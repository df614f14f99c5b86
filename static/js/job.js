/** A job's live page: follows its events, shows each new preview, and swaps in the finished page at the end. */

const RETRIES = 3;
const POLL_MS = 3000;
/** A little longer than a preview takes to appear. */
const FADED_MS = 300;
const siteTitle = document.title;

/** @typedef {{state: string, percent: number, step: number, total_steps: number, loss: number | null, loss_line: string,
 *   seconds_left: number | null, scale: number, scales: number, preview: string | null, place: number | null,
 *   ends_in: number | null}} Progress */

/** @param {HTMLElement} job */
function follow(job) {
  const events = new EventSource(job.dataset.events);
  let failures = 0;

  events.addEventListener("progress", (event) => {
    if (!job.isConnected) return events.close();
    failures = 0;
    show(job, JSON.parse(event.data));
  });
  events.addEventListener("done", () => {
    events.close();
    refresh(job);
  });
  events.addEventListener("error", () => {
    failures += 1;
    if (failures < RETRIES && events.readyState !== EventSource.CLOSED && job.isConnected) return;
    events.close();
    poll(job);
  });
}

/** Without events, the panel is fetched anew; what comes back is followed in its turn. @param {HTMLElement} job */
function poll(job) {
  setTimeout(() => job.isConnected && refresh(job, ""), POLL_MS);
}

/** @param {HTMLElement} job */
function refresh(job, how = " transition:true") {
  document.title = siteTitle;
  const options = { target: "#job", select: "#job", swap: `outerHTML${how}` };
  window.htmx.ajax("GET", job.dataset.panel, options).catch(() => poll(job));
}

/** @param {HTMLElement} job @param {Progress} progress */
function show(job, progress) {
  const put = (/** @type {string} */ name, /** @type {unknown} */ text) => {
    const place = job.querySelector(`[data-${name}]`);
    if (place && place.textContent !== String(text)) place.textContent = String(text);
  };
  job.dataset.state = progress.state;
  put("percent", progress.percent);
  put("step", progress.step);
  put("steps", progress.total_steps);
  if (progress.loss !== null) put("loss", progress.loss.toPrecision(3));
  job.querySelector("[data-loss-line]").setAttribute("points", progress.loss_line);
  if (progress.scales) put("stage-text", stageText(job, progress));
  if (progress.place) put("left-text", inLineText(job, progress));
  if (progress.seconds_left !== null) put("left-text", job.dataset.left.replace("{time}", spoken(progress.seconds_left)));
  job.querySelector("[data-bar]").value = progress.percent;
  document.title = `${progress.percent}% · ${siteTitle}`;
  if (progress.preview) showPreview(job.querySelector("[data-stage]"), progress.preview);
}

/** @param {HTMLElement} job @param {Progress} progress */
/* Passes are counted from 0 by the painter and from 1 by people. */
function stageText(job, { scale, scales }) {
  if (scales < 2) return job.dataset.running;
  return job.dataset.scale.replace("{scale}", String(scale + 1)).replace("{scales}", String(scales));
}

/** @param {HTMLElement} job @param {Progress} progress */
function inLineText(job, { place, ends_in }) {
  return job.dataset.inLine.replace("{place}", String(place)).replace("{time}", spoken(ends_in));
}

/** Seconds as the page's language says them, no finer than anyone can wait for. @param {number} seconds */
function spoken(seconds) {
  const [value, unit] = seconds < 90 ? [Math.ceil(seconds / 5) * 5, "second"] : [Math.round(seconds / 60), "minute"];
  const style = { style: "unit", unit, unitDisplay: "long" };
  return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
}

/** Loads a preview aside, then fades it in over the last one. @param {HTMLElement} stage @param {string} address */
async function showPreview(stage, address) {
  if (stage.dataset.wanted === address) return;
  stage.dataset.wanted = address;
  const next = new Image();
  next.className = "stage-preview is-coming";
  next.alt = stage.dataset.previewAlt;
  next.src = address;
  try {
    await next.decode();
  } catch {
    return; // Replaced on the server before it was fetched; the one after it follows soon.
  }
  if (stage.dataset.wanted !== address) return;
  const earlier = stage.querySelectorAll(".stage-preview");
  stage.append(next);
  next.getBoundingClientRect(); // Lets the browser see the starting opacity, so that the change is animated.
  next.classList.remove("is-coming");
  setTimeout(() => {
    earlier.forEach((image) => image.remove());
    stage.classList.add("is-covered");
  }, FADED_MS);
}

/** Gives the stage the photo's proportions, as large as the window allows. @param {HTMLElement} stage */
function frame(stage) {
  const photo = stage.querySelector("img");
  stage.style.setProperty("--ratio", String(photo.getAttribute("width") / photo.getAttribute("height")));
  stage.classList.add("is-framed");
}

/** @param {ParentNode} root */
function start(root) {
  root.querySelectorAll("[data-stage]").forEach(frame);
  const job = root.querySelector("#job[data-live]");
  if (!job || "followed" in job.dataset) return;
  job.dataset.followed = "";
  follow(job);
}

start(document);
document.addEventListener("htmx:load", () => start(document));
