// Search in the page: words are found whatever their accents and capitals; nothing leaves the page.
const form = document.querySelector(".find");
const text = document.querySelector("#text");

const folded = (letter) => letter.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

// The text of a node without accents, and for each letter of that where it stands in the node.
function fold(value) {
  let letters = "";
  const places = [];
  let at = 0;
  for (const letter of value) {
    const plain = folded(letter);
    letters += plain;
    for (let index = 0; index < plain.length; index += 1) places.push(at);
    at += letter.length;
  }
  places.push(at);
  return { letters, places };
}

function clear() {
  for (const mark of text.querySelectorAll("mark.found")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

function find(words) {
  clear();
  const wanted = folded(words.trim());
  if (wanted.length < 2) return [];
  const nodes = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const marks = [];
  for (const node of nodes) {
    const { letters, places } = fold(node.data);
    const hits = [];
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + wanted.length)) {
      hits.push([places[at], places[at + wanted.length]]);
    }
    let rest = node;
    let gone = 0;
    for (const [start, end] of hits) {
      const middle = rest.splitText(start - gone);
      rest = middle.splitText(end - start);
      gone = end;
      const mark = document.createElement("mark");
      mark.className = "found";
      middle.replaceWith(mark);
      mark.append(middle);
      marks.push(mark);
    }
  }
  return marks;
}

if (form && text) {
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  let marks = [];
  let here = 0;
  const show = (step) => {
    if (!marks.length) {
      output.value = input.value.trim().length > 1 ? form.dataset.none : "";
      return;
    }
    marks[here]?.classList.remove("here");
    here = (here + step + marks.length) % marks.length;
    marks[here].classList.add("here");
    marks[here].scrollIntoView({ block: "center" });
    output.value = form.dataset.hits.replace("{number}", here + 1).replace("{total}", marks.length);
  };
  form.hidden = false;
  input.addEventListener("input", () => {
    marks = find(input.value);
    here = 0;
    show(0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(event.submitter?.name === "previous" ? -1 : 1);
  });
}
