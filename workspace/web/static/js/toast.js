// What was just done, said once: heard, placed where it covers no control, and gone after a while, unless it holds an
// undo or a refusal. Escape closes it; while it is pointed at or has the focus it stays. A script that puts one on the
// page sends the document the event "toast".
const SECONDS = 8;
const CONTROLS = ":is(a[href], button, input, select, textarea, summary, [role=button], [tabindex='0'])";
const PLACES = ["bottom-end", "bottom-start", "top-end", "top-start"];

const covers = (toast) => {
  const box = toast.getBoundingClientRect();
  return [...document.querySelectorAll(CONTROLS)].some((control) => {
    if (toast.contains(control) || !control.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    return [...control.getClientRects()].some((one) => one.width > 1 && one.height > 1 &&
      one.left < box.right && one.right > box.left && one.top < box.bottom && one.bottom > box.top);
  });
};

const place = (toast) => {
  for (const where of PLACES) {
    toast.dataset.at = where;
    if (!covers(toast)) return;
  }
  toast.dataset.at = "flow"; // above the page, which makes room for it
};

const present = () => {
  const toast = document.getElementById("toast");
  if (!toast) return;
  place(toast);
  const words = toast.querySelector("p");
  const said = words.textContent;
  words.textContent = ""; // what a live region holds from the beginning is not read out
  requestAnimationFrame(() => { words.textContent = said; });
  addEventListener("resize", () => place(toast));
  new ResizeObserver(() => place(toast)).observe(document.body); // what comes later moves controls below it
  addEventListener("scrollend", () => toast.dataset.at !== "flow" && place(toast));
  toast.addEventListener("keydown", (event) => event.key === "Escape" && toast.remove());
  if ("stays" in toast.dataset) return;
  let left = SECONDS;
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within") || document.hidden) return;
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    toast.remove();
  }, 1_000);
};

present();
document.addEventListener("toast", present);
