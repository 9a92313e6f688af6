// Drawers, dialogs, toasts and printing, named by data-act (open, close, dialog, print) and data-for (an id).
// Closing gives the focus back to what opened it. Without this script, drawers are part of the page.
const openers = new WeakMap();

const acts = {
  open(target, button, event) {
    event.preventDefault();
    openers.set(target, button);
    target.hidden = false;
    target.querySelector("h2")?.focus();
  },
  close(target) {
    target.hidden = true;
    (openers.get(target) ?? document.querySelector(`[aria-controls="${CSS.escape(target.id)}"]`))?.focus();
  },
  dialog(target) {
    target.showModal();
  },
  print() {
    window.print();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const act = button && acts[button.dataset.act];
  if (act) act(document.getElementById(button.dataset.for ?? ""), button, event);
});

document.addEventListener("keydown", (event) => {
  const drawer = event.key === "Escape" && event.target.closest?.(".drawer");
  if (drawer) acts.close(drawer);
});
