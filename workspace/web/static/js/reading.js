// Reading the draft: what stands beside a paragraph, moving by keys, finding words, and the line of revisions.
// Without this script every count leads to the paragraph's own page, and the revisions are a list to choose from.
import { besides } from "./beside.js";
import { seeking } from "./seeking.js";

const text = document.getElementById("text");
const dialog = document.getElementById("keys");
const seek = seeking(text, document.getElementById("seeking"));
const beside = besides(text, document.getElementById("beside"));

// The line of revisions: the list says where it stands, and letting it go leads there.
const slider = document.querySelector(".slider");
const range = slider?.querySelector("[type=range]");
const select = slider?.querySelector("select");
const follow = () => {
  select.value = range.value === slider.dataset.head ? "" : range.value;
  range.setAttribute("aria-valuetext", select.selectedOptions[0].text);
};
range?.addEventListener("input", follow);
range?.addEventListener("change", () => slider.requestSubmit());
if (range) range.setAttribute("aria-valuetext", select.selectedOptions[0].text);

// Keys: single ones only while they are switched on, and never while something is being written.
const KEPT = "reading-keys";
const box = document.getElementById("keys-on");
const kept = () => {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
};
box.checked = kept();
box.addEventListener("change", () => {
  try {
    localStorage.setItem(KEPT, box.checked ? "on" : "off");
  } catch {
    // a browser that keeps nothing: the choice holds until the page is left
  }
});

const paragraphs = [...text.querySelectorAll(".para")];
const current = () =>
  document.activeElement.closest?.(".para") ?? text.querySelector(".para[aria-current]") ?? text.querySelector(".para:target");
const go = (step) => {
  const at = paragraphs.indexOf(current());
  const first = paragraphs.findIndex((one) => one.getBoundingClientRect().bottom > 80);
  const next = at < 0 ? paragraphs[Math.max(first, 0)] : paragraphs[at + step];
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (beside.isOpen()) beside.open(next);
};

// Where there is room for one language, it is the one that is read that is amended.
text.addEventListener("click", (event) => {
  const link = event.target.closest('[data-do="amend"], [data-do="edit"]');
  const choice = text.querySelector(".one-lang input:checked");
  if (!link || !choice || !choice.closest(".one-lang").offsetParent) return;
  const cell = link.closest(".para").querySelector(`[data-col="${choice.value}"]`);
  if (!cell || cell.querySelector(".gap")) return;
  const address = new URL(link.href);
  address.searchParams.set("text", choice.value);
  link.href = address.href;
});

const act = (name) => current()?.querySelector(`[data-do="${name}"]`)?.click();
const said = document.getElementById("keys-said");
const copy = async (address) => {
  if (!address || !navigator.clipboard) return;
  await navigator.clipboard.writeText(new URL(address, location.href).href);
  said.textContent = said.dataset.copied;
  setTimeout(() => (said.textContent = ""), 4000);
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button.dataset.copy);
});

const keys = {
  j: () => go(1),
  k: () => go(-1),
  o: () => current() && beside.open(current()),
  c: () => act("comment"),
  a: () => act("amend"),
  l: () => copy(current()?.querySelector(".para-no")?.href),
  "/": () => seek.focus(),
  n: () => seek.go(1),
  p: () => seek.go(-1),
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting || dialog.open) return;
  if (!keys[event.key] || !(box.checked || event.key === "?")) return;
  event.preventDefault();
  keys[event.key]();
});
