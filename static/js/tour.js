/** The studio's tour: its steps one by one, each with a ring around what it is about. */

const tour = document.querySelector("[data-tour]");
const steps = [...tour.querySelectorAll("[data-points]")];
const next = tour.querySelector("[data-tour-next]");
const end = tour.querySelector("[data-tour-end]");
let now = 0;

function point() {
  document.querySelector(".is-pointed-at")?.classList.remove("is-pointed-at");
  if (tour.isConnected) document.querySelector(steps[now].dataset.points)?.classList.add("is-pointed-at");
}

function show() {
  steps.forEach((step, number) => step.classList.toggle("is-now", number === now));
  const isLast = now === steps.length - 1;
  next.hidden = isLast;
  if (isLast) {
    end.textContent = end.dataset.last;
    end.classList.replace("button--quiet", "button--primary");
    end.focus();
  }
  point();
}

next.addEventListener("click", () => {
  now += 1;
  show();
});
document.addEventListener("htmx:afterSwap", point);
point();
