// Drawers, dialogs, toasts and printing, named by data-act (open, close, dialog, print, mend) and data-for (an id).
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
  mend(_, button) {
    const field = button.parentElement.previousElementSibling;
    field.value = button.dataset.words;
    for (const name of ["input", "rich:again"]) field.dispatchEvent(new Event(name, { bubbles: true }));
    button.parentElement.remove();
    field.focus();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  const act = button && acts[button.dataset.act];
  if (act) act(document.getElementById(button.dataset.for ?? ""), button, event);
});

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (event.key === "?" && !isWriting && !event.ctrlKey && !event.metaKey) document.getElementById("keys")?.showModal();
  if (event.key !== "Escape") return;
  const drawer = event.target.closest?.(".drawer");
  if (drawer) acts.close(drawer);
  closeMore(() => true, (more) => more.contains(event.target) && more.querySelector("summary").focus());
});

// The menu of less used places closes when one goes elsewhere.
for (const happens of ["click", "focusin"]) {
  document.addEventListener(happens, (event) => closeMore((more) => !more.contains(event.target)));
}

function closeMore(which, then = () => {}) {
  for (const more of document.querySelectorAll("details.more[open], details.drop[open]")) {
    if (!which(more)) continue;
    more.open = false;
    then(more);
  }
}
