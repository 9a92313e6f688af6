// Finding words in the text that is shown, whatever their accents and capitals. Places found are marked by the
// browser's own highlighter where it has one; otherwise the paragraph that holds the place is.
const fold = (sign) => sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const paints = globalThis.CSS?.highlights;

// The letters of an element, folded, each with the text node and the place it comes from.
const read = (element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const places = [];
  let folded = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".vh, .state")) continue;
    let at = 0;
    for (const sign of node.data) {
      for (const letter of fold(sign)) {
        folded += letter;
        places.push([node, at, at + sign.length]);
      }
      at += sign.length;
    }
  }
  return { folded, places };
};

export const seeking = (text, bar) => {
  const field = bar.querySelector("input");
  const said = bar.querySelector("output");
  let texts = null;
  let found = [];
  let at = -1;

  const seen = (element) => element.getClientRects().length > 0;
  const all = () => (texts ??= [...text.querySelectorAll(".cell .text, .cell .gap")].map((element) => ({ element, ...read(element) })));

  const find = () => {
    const wanted = [...field.value.trim()].map(fold).join("");
    found = [];
    at = -1;
    for (const { element, folded, places } of wanted ? all().filter((one) => seen(one.element)) : []) {
      for (let i = folded.indexOf(wanted); i >= 0; i = folded.indexOf(wanted, i + wanted.length)) {
        const range = document.createRange();
        range.setStart(places[i][0], places[i][1]);
        const last = places[i + wanted.length - 1];
        range.setEnd(last[0], last[2]);
        found.push(range);
      }
    }
    if (paints) paints.set("found", new Highlight(...found));
    tell();
  };

  const tell = () => {
    if (!field.value.trim()) said.textContent = "";
    else if (!found.length) said.textContent = said.dataset.none;
    else said.textContent = said.dataset.found.replace("{place}", at + 1).replace("{count}", found.length);
    text.querySelectorAll("[data-found]").forEach((one) => delete one.dataset.found);
    const range = found[at];
    if (paints) paints.set("found-here", new Highlight(...(range ? [range] : [])));
    if (!range) return;
    const paragraph = range.startContainer.parentElement.closest(".para");
    if (!paints) paragraph.dataset.found = "";
    const box = range.getBoundingClientRect();
    if (box.top < 80 || box.bottom > innerHeight - 40) window.scrollBy({ top: box.top - innerHeight / 3 });
  };

  const go = (step) => {
    if (!found.length) return;
    at = at < 0 ? (step > 0 ? 0 : found.length - 1) : (at + step + found.length) % found.length;
    tell();
  };

  let waits = 0;
  field.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(() => {
      find();
      go(1);
    }, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    }
    if (event.key === "Escape" && field.value) {
      event.preventDefault();
      field.value = "";
      find();
    }
  });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go]");
    if (button) go(Number(button.dataset.go));
  });
  return { focus: () => field.focus(), go };
};
