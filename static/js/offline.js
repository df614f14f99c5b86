/** Says so when the site cannot be reached, and when it can be again. The painting goes on without us. */

const KEY = "offline";
const words = document.querySelector("[data-offline]").dataset;
let isAway = !navigator.onLine;

/** @param {object} detail */
const toast = (detail) => document.dispatchEvent(new CustomEvent("toast", { detail: { key: KEY, ...detail } }));

function away() {
  isAway = true;
  toast({ text: words.offline, level: "warning", stays: true });
}

function back() {
  if (isAway) toast({ text: words.online, level: "success" });
  isAway = false;
}

window.addEventListener("offline", away);
window.addEventListener("online", back);
// The network may be there and the site not.
document.addEventListener("htmx:sendError", away);
document.addEventListener("htmx:afterOnLoad", back);
if (isAway) away();
