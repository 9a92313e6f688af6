// Reading the draft: what stands beside a paragraph, moving by keys, finding words, and the line of revisions.
// Without this script every count leads to the paragraph's own page, and the revisions are a list to choose from.
import { besides } from "./beside.js";
import { phrases } from "./phrases.js";
import { seeking } from "./seeking.js";

const text = document.getElementById("text");
const dialog = document.getElementById("keys");
const seek = seeking(text, document.getElementById("seeking"));
const NARROW = matchMedia("(max-width: 52rem)"); // where there is room for one language at a time
const languageShown = () => (NARROW.matches ? document.querySelector(".one-lang input:checked")?.value : undefined);
const beside = besides(text, document.getElementById("beside"), languageShown);
const bar = document.getElementById("phrase-bar");
if (bar) phrases(bar, (words, write) => beside.open(words.paragraph, { words, write }));

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

// On a narrow screen choosing a language closes the menu, whose button says which it is.
const languages = document.getElementById("languages");
const named = languages.querySelector("summary").lastChild;
const all = named.data;
const name = () => {
  named.data = languageShown()?.toUpperCase() ?? all;
};
languages.addEventListener("change", () => {
  languages.open = false;
  name();
});
NARROW.addEventListener("change", name);
name();

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

const write = (name) => current() && beside.open(current(), { write: name });
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
  c: () => write("comment"),
  a: () => write("amend"),
  l: () => copy(current()?.querySelector(".para-no")?.href),
  "/": () => {
    document.getElementById("find").open = true;
    seek.focus();
  },
  n: () => seek.go(1),
  p: () => seek.go(-1),
};

document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || isWriting || dialog.open) return;
  if (!keys[event.key] || !box.checked) return;
  event.preventDefault();
  keys[event.key]();
});
