/** While something is painted for the visitor, asks now and then what has ended, and says so: on the page, and where it
 * was asked for, through the system. */

const EVERY_MS = 10_000;
const WISH = "notify";
const watch = document.querySelector("[data-watch]");
const told = new Set();
let { since } = watch.dataset;
let timer;

/** @typedef {{job: string, state: string, text: string, address: string}} End */

const wait = () => (timer ??= setTimeout(look, EVERY_MS));

async function look() {
  timer = undefined;
  try {
    const response = await fetch(`${watch.dataset.watch}?since=${since}`);
    if (!response.ok || response.redirected) return;
    const state = await response.json();
    since = state.now;
    state.ended.filter(isNews).forEach(tell);
    if (state.under_way) wait();
  } catch {
    wait(); // Offline, which another module says.
  }
}

/** What this page shows by itself is none. @param {End} end */
const isNews = ({ job }) => !told.has(job) && !document.querySelector(`[data-panel*="${job}"]`) && !location.pathname.includes(job);

/** @param {End} end */
function tell({ job, state, text, address }) {
  told.add(job);
  const detail = { text, link: address, level: state === "failed" ? "error" : "success", key: job };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
  if (document.hidden && isWished()) notify(job, text, address);
}

/** Of several open pages one is enough: a notification of the same tag takes the place of the last. */
function notify(tag, text, address) {
  try {
    const notification = new Notification("Stylesite", { body: text, tag, lang: document.documentElement.lang });
    notification.addEventListener("click", () => {
      window.focus();
      location.assign(address);
    });
  } catch {
    // Phones want a service worker for it; there the toast has to do.
  }
}

const isWished = () => "Notification" in window && Notification.permission === "granted" && localStorage.getItem(WISH) === "on";

/** @param {HTMLElement} offer */
function enhance(offer) {
  if (!("Notification" in window) || !offer.hidden) return;
  const box = offer.querySelector("input");
  box.checked = isWished();
  box.addEventListener("change", async () => {
    const isAllowed = box.checked && (await Notification.requestPermission()) === "granted";
    offer.querySelector("[data-notify-help]").textContent = box.checked && !isAllowed ? offer.dataset.refused : "";
    box.checked = isAllowed;
    localStorage.setItem(WISH, isAllowed ? "on" : "off");
  });
  offer.hidden = false;
}

const enhanceAll = () => document.querySelectorAll("[data-notify-offer]").forEach(enhance);

enhanceAll();
document.addEventListener("htmx:load", enhanceAll);
// What was sent may have begun something.
document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && detail.requestConfig.verb === "post" && wait());
if ("underWay" in watch.dataset) wait();
