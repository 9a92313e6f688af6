// The screen of a sitting: it follows the chair, fits what it shows, counts down, and hides what can be pressed.
import { follow } from "./live.js";

const body = document.body;
const screen = document.querySelector("#screen");
const isStrip = body.classList.contains("strip");
const late = Date.parse(body.dataset.now) - Date.now(); // how far this clock is from the server's
const LARGEST = 1.35;
const SMALLEST = isStrip ? 0.8 : 0.72; // of 2.7 hundredths of the width: 37 px at 1920
const STEP = 0.03;
const LEAFS_EVERY = 10_000;
const SLEEPS_AFTER = 3_000;
const GAP = " […] ";
let leafing = 0;
let whole = ""; // what is shown, uncut
let sent = "";

const texts = () => [...screen.querySelectorAll("[data-of]")].filter((text) => text.offsetParent !== null || text.hasAttribute("data-rest"));
const fits = () => {
  if (!isStrip) return screen.parentElement.scrollHeight <= innerHeight;
  return texts().every((text) => {
    const words = text.querySelector(".text");
    return words.offsetHeight <= 2.1 * parseFloat(getComputedStyle(words).lineHeight);
  });
};
const shrink = (least) => {
  for (let size = LARGEST; size >= least; size -= STEP) {
    screen.parentElement.style.setProperty("--fit", size.toFixed(2));
    if (fits()) return true;
  }
  return false;
};

// Of each text only what is marked, with the sentence around it, or with so many characters.
const shorten = (text, around) => {
  const words = text.querySelector(".text");
  if (!words.querySelector("ins, del")) return;
  const segments = around || !Intl.Segmenter ? [] : [...new Intl.Segmenter(words.lang, { granularity: "sentence" }).segment(words.textContent)];
  const marked = [];
  const pieces = [];
  const walk = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
  for (let at = 0, node = walk.nextNode(); node; at += node.length, node = walk.nextNode()) {
    if (node.parentElement.closest("ins, del")) marked.push([at - around, at + node.length + around]);
    else pieces.push([node, at]);
  }
  const kept = [...marked, ...segments.map(({ index, segment }) => [index, index + segment.length]).filter(([from, to]) => marked.some(([first, last]) => first < to && from < last))];
  for (const [node, at] of pieces) {
    let from = at;
    const made = [];
    for (const part of node.data.split(/(?<=\s)/u)) {
      const isKept = kept.some(([first, last]) => first < from + part.length && from < last);
      from += part.length;
      if (isKept) made.push(part);
      else if (made.at(-1) !== GAP) made.push(GAP);
    }
    node.replaceWith(...made);
  }
};

const leaf = () => {
  const all = [...screen.querySelectorAll("[data-of]")];
  let shown = 0;
  const turn = () => {
    all.forEach((text, place) => text.toggleAttribute("data-rest", place !== shown % all.length));
    shown += 1;
    shrink(0.5);
  };
  turn();
  leafing = setInterval(turn, LEAFS_EVERY);
};

const fit = () => {
  clearInterval(leafing);
  if ("cut" in screen.dataset) screen.innerHTML = whole;
  delete screen.dataset.cut;
  if (!isStrip && innerWidth < 960) return;
  if (shrink(SMALLEST)) return;
  screen.dataset.cut = "";
  texts().forEach((text) => shorten(text, 0));
  if (shrink(SMALLEST)) return;
  if (isStrip) {
    texts().forEach((text) => shorten(text, 24));
    shrink(SMALLEST);
  } else leaf();
};

const tick = () => {
  const clock = screen.querySelector("[data-ends]");
  if (!clock) return;
  const left = Math.round((Date.parse(clock.dataset.ends) - Date.now() - late) / 1000);
  const seconds = Math.abs(left);
  clock.textContent = `${left < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  clock.toggleAttribute("data-over", left < 0);
};

const vote = document.querySelector("#vote");
const lead = () => {
  const open = screen.querySelector("[data-question]");
  if (!vote) return;
  vote.hidden = !open;
  if (open) vote.href = body.dataset.votes + open.dataset.question;
};

const show = () => {
  if (!("cut" in screen.dataset)) whole = screen.innerHTML;
  tick();
  lead();
  fit();
};

if (body.dataset.events) {
  const on = {
    screen({ html }) {
      if (sent === html) return;
      sent = html;
      delete screen.dataset.cut;
      screen.innerHTML = html;
      show();
    },
    gone() {
      leave();
      location.reload();
    },
  };
  const leave = follow(body.dataset.events, on, (isAway) => document.querySelector("#away")?.toggleAttribute("hidden", !isAway));
}
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input")) return;
  document.querySelector(`.scr-tools [data-key="${CSS.escape(event.key)}"]`)?.click();
});
let sleeping = 0;
document.addEventListener("pointermove", () => {
  body.dataset.awake = "";
  clearTimeout(sleeping);
  sleeping = setTimeout(() => delete body.dataset.awake, SLEEPS_AFTER);
});
addEventListener("resize", show);
setInterval(tick, 250);
document.fonts.ready.then(show);
show();
