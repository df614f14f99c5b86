/** Dialogs: a <details data-dialog> becomes a button and the dialog it opens; [data-opens] opens a dialog by its id. */

let made = 0;

/** @param {HTMLDetailsElement} details */
function enhance(details) {
  const summary = details.querySelector("summary");
  const dialog = document.createElement("dialog");
  dialog.id = `dialog-${(made += 1)}`;
  dialog.className = "dialog";
  dialog.append(details.querySelector(".dialog-body"));
  const opener = document.createElement("button");
  Object.assign(opener, { type: "button", className: summary.className });
  opener.dataset.opens = dialog.id;
  opener.append(...summary.childNodes);
  details.replaceWith(opener, dialog);
  if (details.open) open(dialog);
}

/** @param {HTMLDialogElement} dialog */
function open(dialog) {
  const title = dialog.querySelector("h2");
  title.id ||= `${dialog.id}-title`;
  dialog.setAttribute("aria-labelledby", title.id);
  if (!dialog.open) dialog.showModal();
}

/** A click on the veil is one on the dialog itself, outside its body. @param {MouseEvent} event */
function follow({ target }) {
  const opener = target.closest("[data-opens]");
  if (opener) open(document.getElementById(opener.dataset.opens));
  else if (target.closest("[data-close]") || target.matches("dialog.dialog")) target.closest("dialog")?.close();
}

/** @param {ParentNode} root */
function enhanceAll(root) {
  root.querySelectorAll("details[data-dialog]").forEach(enhance);
  for (const opener of root.querySelectorAll("[data-opens][hidden]")) opener.hidden = false;
}

enhanceAll(document);
document.addEventListener("click", follow);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
