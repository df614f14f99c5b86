/** Gives each sample of the style guide the token that it stands for. */
for (const sample of document.querySelectorAll("[data-token]")) {
  sample.style.setProperty(sample.dataset.shownBy, `var(--${sample.dataset.token})`);
}
