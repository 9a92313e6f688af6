// The translator's bench with a keyboard: save, go on, take from the memory; checks while one writes; terms in sight.
const form = document.getElementById("bench");
const editor = document.getElementById("words");
const live = document.getElementById("checks");
const RENEWS_AFTER = 300_000; // of twenty minutes that others are told of

const put = (text) => {
  editor.focus();
  editor.select();
  if (!document.execCommand("insertText", false, text)) editor.value = text;
};

const insert = (text) => {
  editor.focus();
  if (!document.execCommand("insertText", false, text)) editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, "end");
};

document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const link = document.querySelector(`a[data-key="${event.key}"]`);
    const match = /^Digit[1-5]$/.test(event.code) && document.querySelectorAll("[data-insert][aria-keyshortcuts]")[Number(event.code.at(-1)) - 1];
    if (link) { event.preventDefault(); link.click(); }
    if (match && editor) { event.preventDefault(); put(match.dataset.insert); }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && editor) {
    event.preventDefault();
    const valid = event.shiftKey ? form.querySelector("[data-valid]") : undefined;
    if (valid !== null) form.requestSubmit(valid);
  }
  if (event.key === "Escape" && event.target === editor) editor.blur();
  if (event.key === "e" && editor && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    editor.focus();
  }
});

if (editor) {
  // A keyboard is at hand: one comes here to write. Touch screens would lose half their height to their keys.
  if (matchMedia("(pointer: fine)").matches && !location.hash) editor.focus({ preventScroll: true });
  let timer = 0;
  let latest = 0;
  let claimed = 0;
  const check = form.querySelector("button[formnovalidate]")?.formAction;
  const send = (to) => fetch(to, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });

  const look = async () => {
    latest += 1;
    const turn = latest;
    if (!editor.value.trim()) return;
    const answer = await send(check).catch(() => null);
    if (!answer?.ok || turn !== latest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("checks");
    if (found) live.replaceChildren(...found.childNodes);
  };

  editor.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 900);
    if (Date.now() - claimed > RENEWS_AFTER) {
      claimed = Date.now();
      send(`${form.getAttribute("action")}/claim`).catch(() => {});
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert], [data-wording]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.insert) put(button.dataset.insert);
    else insert(button.dataset.wording);
  });
}

// Terms of the glossary are marked in the source without touching its elements.
if (globalThis.Highlight && CSS.highlights) {
  const wanted = [...document.querySelectorAll("[data-term]")].flatMap((row) => row.dataset.term.split("|")).filter(Boolean);
  const source = document.querySelector("#bench .pair .text");
  const ranges = [];
  const walker = source && document.createTreeWalker(source, NodeFilter.SHOW_TEXT);
  while (walker?.nextNode()) {
    const text = walker.currentNode.data.toLowerCase();
    for (const term of wanted) {
      const stem = term.toLowerCase();
      for (let at = text.indexOf(stem); at >= 0; at = text.indexOf(stem, at + stem.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + stem.length);
        ranges.push(range);
      }
    }
  }
  if (ranges.length) CSS.highlights.set("term", new Highlight(...ranges));
}
