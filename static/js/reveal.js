/** A typed password shown and hidden again by the button beside it: [data-reveal]. */

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = button.parentElement.querySelector("input");
  const show = (/** @type {boolean} */ shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  // Browsers send what they check the spelling of elsewhere, and phones correct what they take for words.
  input.spellcheck = false;
  input.autocapitalize = "none";
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // A browser offers to keep passwords, and not what is sent in plain sight.
  input.form.addEventListener("submit", () => show(false));
}
