// Comment on selected words: a bar at the foot of the window offers it, and fills the form of the paragraph.
// Without this script the same form takes words that are copied into it.
const bar = document.getElementById("phrase-bar");
const MOST = 2000;
const BEFORE = 80;

const cellOf = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.closest(".cell [lang]");

// What a reader sees of a stretch of the page: without the hidden words and the numbers of conversations.
const seen = (range) => {
  const copy = range.cloneContents();
  copy.querySelectorAll(".vh, .spoken-ref").forEach((one) => one.remove());
  return copy.textContent.replace(/\s+/g, " ");
};

const chosen = () => {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const cell = cellOf(range.startContainer);
  if (!cell || cell !== cellOf(range.endContainer)) return null;
  const quote = seen(range).trim();
  if (!quote || quote.length > MOST) return null;
  const ahead = document.createRange();
  ahead.selectNodeContents(cell);
  ahead.setEnd(range.startContainer, range.startOffset);
  return { quote, before: seen(ahead).slice(-BEFORE), language: cell.lang, paragraph: cell.closest(".para")?.id ?? "" };
};

const put = (name, value) => {
  const field = document.querySelector(`#say [name="${name}"]`);
  field.value = value;
  return field;
};

const fill = ({ quote, before, language }) => {
  put("quote", quote).closest("details").open = true;
  put("before", before);
  put("quoted_in", language);
  const words = put("language", language).form.querySelector('[name="text"]');
  words.scrollIntoView({ block: "center" });
  words.focus();
};

if (bar) {
  let words = null;
  const show = () => {
    words = chosen() ?? (bar.contains(document.activeElement) ? words : null);
    bar.hidden = !words;
    if (words) bar.querySelector("q").textContent = words.quote;
  };
  document.addEventListener("selectionchange", show);
  bar.querySelector("button").addEventListener("pointerdown", (event) => event.preventDefault());
  bar.querySelector("button").addEventListener("click", () => {
    if (!words) return;
    bar.hidden = true;
    if (!bar.dataset.href) return fill(words);
    const query = new URLSearchParams({ quote: words.quote, before: words.before, quoted_in: words.language });
    location.assign(`${bar.dataset.href.replace("BLOCK", words.paragraph.replace(/^b-/, ""))}?${query}#say`);
  });
}
