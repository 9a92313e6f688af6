// The committee's desk: while decisions are being marked, the page shows what they would do, and the marks are kept.
// The server answers with what changes alone; without this script, a button asks for the same. Keys press what is drawn.
const form = document.getElementById("desk-form");
const cards = [...document.querySelectorAll(".am")];
const PAUSE = 500; // milliseconds without a change
const KEPT = "reading-keys";
let waiting = 0;
let running = null;
let isSent = false;

const show = async () => {
  waiting = 0;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form.dataset.sill, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: running.signal,
      headers: { Accept: "text/html" },
    });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["would", "sum"]) document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  } catch (problem) {
    if (problem.name !== "AbortError") throw problem;
  }
};

// Whoever follows a link before the pause is over loses no mark.
const leave = () => {
  if (!waiting || isSent) return;
  clearTimeout(waiting);
  waiting = 0;
  fetch(form.dataset.sill, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true }).catch(() => {});
};

// The squares of the paragraphs and the words of the seldom verdicts follow what is chosen.
const draw = () => {
  for (const same of form.querySelectorAll('[name^="same-"]')) {
    const number = same.name.slice("same-".length);
    const chosen = form.querySelector(`[name="verdict-${number}"]:checked`);
    if (chosen?.value === "") chosen.checked = false;
    for (const each of [number, ...same.value.split(",")].filter(Boolean)) {
      const square = document.querySelector(`.sq[data-number="${each}"]`);
      if (square) square.dataset.state = chosen?.value ?? "";
    }
  }
  for (const seldom of form.querySelectorAll(".seldom")) {
    const chosen = seldom.querySelector("input:checked");
    const word = seldom.querySelector("summary");
    word.textContent = chosen ? chosen.nextElementSibling.textContent : word.dataset.word;
  }
};

// What is folded opens when its turn comes.
const unfold = (card) => {
  const fold = card?.closest(".fold-am");
  if (fold) fold.open = true;
};

const soon = () => {
  draw();
  unfold(cards.find(isPending));
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
};

const isPending = (card) => card.querySelector(":scope > .verdict") && !card.querySelector(":scope > .verdict :checked");
const choose = (card, value) => {
  const radio = card.querySelector(`:scope > .verdict [type="radio"][value="${value}"]`);
  if (!radio) return;
  radio.checked = !radio.checked;
  soon();
  if (!radio.checked || value === "") return;
  if (value === "adopt_modified") card.querySelector("textarea").focus();
  else cards.find(isPending)?.focus();
};

const now = () => cards.find((card) => card.hasAttribute("data-now")) ?? cards[0];
const go = (card) => {
  for (const each of cards) each.toggleAttribute("data-now", each === card);
};
const step = (by) => {
  const card = cards[Math.max(0, Math.min(cards.length - 1, cards.indexOf(now()) + by))];
  unfold(card);
  card?.focus();
};

if (form) {
  form.addEventListener("input", soon);
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(waiting);
    running?.abort();
  });
  // What is pressed once more is chosen no longer.
  let pressed = null;
  form.addEventListener("pointerdown", (event) => {
    const radio = event.target.closest("label")?.querySelector("[type=radio]");
    pressed = radio?.checked ? radio : null;
  });
  form.addEventListener("click", (event) => {
    if (pressed && event.target === pressed) {
      pressed.checked = false;
      soon();
    }
    // One alone of those that conflict: marked in its place, as the server would, without leaving it.
    const alone = event.target.closest('[value^="alone-"]');
    if (alone) {
      event.preventDefault();
      const [, number, others] = alone.value.split("-");
      for (const other of others.split(".")) {
        form.querySelector(`[name="verdict-${other}"][value="fall"]`).checked = true;
        form.elements[`because-${other}`].value = number;
      }
      soon();
    }
    // Whoever has chosen with the mouse is done with the list.
    const seldom = event.target.closest(".seldom");
    if (seldom && event.target.matches("input") && event.detail) seldom.open = false;
  });
  // Tab alone leads past the radios of a list whose group has a choice elsewhere.
  for (const seldom of form.querySelectorAll(".seldom"))
    seldom.addEventListener("toggle", () => seldom.open && (seldom.querySelector("input:checked") ?? seldom.querySelector("input")).focus());
  addEventListener("pageshow", () => (isSent = false));
  addEventListener("pagehide", leave);
}

for (const card of cards) card.addEventListener("focusin", () => go(card));
if (cards.length) go(cards.find(isPending) ?? cards[0]);

const here = document.querySelector(".rail [aria-current]");
if (here) here.closest("ol").scrollLeft = here.offsetLeft - here.offsetWidth;

const box = document.getElementById("keys-on");
try {
  box.checked = localStorage.getItem(KEPT) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
} catch {
  // a browser that keeps nothing: the choice holds until the page is left
}
const VERDICTS = { 1: "adopt", 2: "adopt_modified", 3: "reject", 0: "" };
document.addEventListener("keydown", (event) => {
  const isWriting = event.target.closest?.("textarea, select, dialog, input:not([type=radio], [type=checkbox])");
  if (isWriting || !box.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key in VERDICTS && form && now()) choose(now(), VERDICTS[event.key]);
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "n" || event.key === "p") document.querySelector(`.record [data-key="${event.key}"]`)?.click();
  else return;
  event.preventDefault();
});

// An address from before names an amendment that stands at another paragraph.
const named = /^#amendment-(\d+)$/.exec(location.hash);
if (named && !document.getElementById(location.hash.slice(1)) && !location.search.includes("amendment="))
  location.replace(`${location.pathname}?amendment=${named[1]}${location.hash}`);
