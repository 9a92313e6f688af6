// Words that are selected in the text, and what is offered beside them. The selection grows to whole words.
// On a paragraph's own page its form is filled; where the text is read, `take` opens what stands beside it.
// Without this script the same form takes words that are copied into it.
const MOST = 2000;
const BEFORE = 80;
const IN_WORD = /[\p{L}\p{N}%°’'-]/u;

const PROPOSED = "ins, .alt + .alt"; // words that stand in the text for somebody who wants them there
const HIDDEN = `.vh, .spoken-ref, .am-no, .bracket > b, .alt-no, ${PROPOSED}`;

const cellOf = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(".cell > [lang]");

// The words in force of a stretch of the page: without hidden and proposed ones and the numbers of conversations.
const seen = (range) => {
  const copy = range.cloneContents();
  copy.querySelectorAll(HIDDEN).forEach((hidden) => hidden.remove());
  return copy.textContent.replace(/\s+/g, " ");
};

const snapped = (range) => {
  const { startContainer: first, endContainer: last } = range;
  if (first.nodeType !== Node.TEXT_NODE || last.nodeType !== Node.TEXT_NODE) return range;
  let [start, end] = [range.startOffset, range.endOffset];
  while (start < first.data.length && !IN_WORD.test(first.data[start])) start += 1;
  while (start > 0 && IN_WORD.test(first.data[start - 1])) start -= 1;
  while (end > 0 && !IN_WORD.test(last.data[end - 1])) end -= 1;
  while (end < last.data.length && IN_WORD.test(last.data[end])) end += 1;
  if (first === last && end <= start) return range;
  const whole = document.createRange();
  whole.setStart(first, start);
  whole.setEnd(last, end);
  return whole;
};

const chosen = () => {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = snapped(selection.getRangeAt(0));
  const cell = cellOf(range.startContainer);
  if (!cell || cell !== cellOf(range.endContainer) || range.startContainer.parentElement.closest(PROPOSED)) return null;
  const quote = seen(range).trim();
  if (!quote || quote.length > MOST) return null;
  const ahead = document.createRange();
  ahead.selectNodeContents(cell);
  ahead.setEnd(range.startContainer, range.startOffset);
  return { quote, before: seen(ahead).slice(-BEFORE), language: cell.lang, paragraph: cell.closest(".para"), range };
};

// Puts the words into the form for a comment, which is on the page by now.
export const fill = ({ quote, before, language }) => {
  const put = (name, value) => Object.assign(document.querySelector(`#say [name="${name}"]`), { value });
  put("quote", quote).closest("details").open = true;
  put("before", before);
  put("quoted_in", language);
  return put("language", language).form.querySelector('[name="text"]');
};

export const phrases = (bar, take) => {
  let words = null;
  const show = () => {
    words = chosen() ?? (bar.contains(document.activeElement) ? words : null);
    bar.hidden = !words;
    if (!words) return;
    const box = words.range.getBoundingClientRect();
    const isBelow = box.top < 110 || matchMedia("(pointer: coarse)").matches;
    bar.style.insetInlineStart = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - bar.offsetWidth - 8)) + scrollX}px`;
    bar.style.insetBlockStart = `${(isBelow ? box.bottom + 10 : box.top - bar.offsetHeight - 6) + scrollY}px`;
  };
  document.addEventListener("selectionchange", show);
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button || !words) return;
    const taken = words;
    bar.hidden = true;
    document.getSelection().removeAllRanges();
    take(taken, button.dataset.do);
  });
};

const bar = document.getElementById("phrase-bar");
if (bar && document.getElementById("say")) {
  phrases(bar, (words) => {
    const field = fill(words);
    field.scrollIntoView({ block: "center" });
    field.focus();
  });
}
