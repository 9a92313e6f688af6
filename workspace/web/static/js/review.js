// The review of a note: a click takes a sentence, grips and the pointer move its ends, and a letter or a digit presses a
// button of the palette or of the item that has the focus. Every one of these is a form that works without this.
const screen = document.querySelector(".review");
const items = [...screen.querySelectorAll(".rv-item")];
const note = screen.querySelector(".note");
const palette = document.getElementById("mark");
const words = palette.querySelector(".chosen");
const hint = palette.querySelector("[data-hint]");
const grips = [...document.querySelectorAll(".grip")];
const isWide = matchMedia("(min-width: 64rem)");
const paint = CSS.highlights ? new Highlight() : new Set();
let chosen = null; // the Range that the palette is about
let key = ""; // of the suggestion that it changes

CSS.highlights?.set("chosen", paint);

function parts(attribute, value) {
  return [...note.querySelectorAll(`[data-${attribute}="${value}"]`)];
}

function take(found, which = "") {
  if (!found.length) return;
  const range = new Range();
  range.setStartBefore(found[0].firstChild);
  range.setEndAfter(found.at(-1).lastChild);
  choose(range, which);
}

function inText(range) {
  const copy = range.cloneContents();
  for (const form of copy.querySelectorAll("form")) form.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function choose(range, which) {
  [chosen, key] = [range, which];
  paint.clear();
  if (range) paint.add(range);
  const said = range ? inText(range) : "";
  palette.classList.toggle("is-open", Boolean(range));
  [words.textContent, words.hidden, hint.hidden] = [said, !range, Boolean(range)];
  palette.elements.key.value = which;
  palette.elements.text.value = which ? "" : said;
  palette.elements.first.value = range ? lineOf(range.startContainer, range.startOffset) : "";
  const kind = which && note.querySelector(`mark[data-key="${which}"]`).dataset;
  for (const button of palette.querySelectorAll("[name=kind]")) {
    button.classList.toggle("btn-primary", Boolean(kind) && kind.kind === button.value);
    button.disabled = !range || (kind.standing === "confirmed" && kind.kind === button.value);
  }
  for (const mark of note.querySelectorAll(".is-current")) mark.classList.remove("is-current");
  if (which) for (const mark of parts("key", which)) mark.classList.add("is-current");
  placeGrips();
}

function lineOf(node, offset) {
  const inside = node.nodeType === Node.TEXT_NODE ? node.parentElement : (node.childNodes[offset] ?? node);
  const all = [...note.querySelectorAll("[id^=line-]")];
  const before = all.filter((each) => each === inside || each.contains(inside) || each.compareDocumentPosition(inside) & Node.DOCUMENT_POSITION_FOLLOWING);
  return before.at(-1)?.id.replace("line-", "") ?? "";
}

function placeGrips() {
  const boxes = chosen ? [...chosen.getClientRects()].filter((box) => box.width > 0) : [];
  for (const grip of grips) {
    grip.hidden = !boxes.length;
    if (grip.hidden) continue;
    const isStart = grip.dataset.end === "start";
    const box = isStart ? boxes[0] : boxes.at(-1);
    grip.style.left = `${scrollX + (isStart ? box.left : box.right)}px`;
    grip.style.top = `${scrollY + box.bottom}px`;
    const frame = note.getBoundingClientRect();
    grip.style.visibility = box.bottom < frame.top || box.top > frame.bottom ? "hidden" : "visible";
  }
}

function moveEnd(which, node, offset) {
  if (!node || !note.contains(node)) return;
  const range = chosen.cloneRange();
  if (which === "start") range.setStart(node, offset);
  else range.setEnd(node, offset);
  if (!range.collapsed && inText(range)) {
    const was = key;
    choose(range, "");
    keep(was);
  }
}

function keep(which) {
  key = which;
  palette.elements.key.value = which;
}

function wordEdge(node, offset, way) {
  const text = node.data;
  let at = offset + (way < 0 ? -1 : 0);
  while (at >= 0 && at < text.length && /\s/.test(text[at])) at += way;
  while (at >= 0 && at < text.length && !/\s/.test(text[at])) at += way;
  return way < 0 ? at + 1 : at;
}

function stepEnd(which, way) {
  const isStart = which === "start";
  const walker = document.createTreeWalker(note, NodeFilter.SHOW_TEXT, (node) => (node.parentElement.dataset.s ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP));
  let [node, offset] = isStart ? [chosen.startContainer, chosen.startOffset] : [chosen.endContainer, chosen.endOffset];
  if (node.nodeType !== Node.TEXT_NODE) {
    node = node.childNodes[isStart ? offset : offset - 1];
    offset = isStart ? 0 : node.length;
  }
  walker.currentNode = node;
  const edge = wordEdge(node, offset, way);
  if (edge !== offset) return moveEnd(which, node, edge);
  const next = way < 0 ? walker.previousNode() : walker.nextNode();
  if (next) moveEnd(which, next, wordEdge(next, way < 0 ? next.length : 0, way));
}

function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return [found?.offsetNode, found?.offset];
  }
  const found = document.caretRangeFromPoint(x, y);
  return [found?.startContainer, found?.startOffset];
}

for (const grip of grips) {
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointermove", (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    grip.style.pointerEvents = "none";
    const [node, offset] = caretAt(event.clientX, event.clientY - grip.offsetHeight / 2);
    grip.style.pointerEvents = "";
    if (node?.nodeType !== Node.TEXT_NODE) return;
    const isStart = grip.dataset.end === "start";
    moveEnd(grip.dataset.end, node, wordEdge(node, offset, isStart ? -1 : 1));
  });
  grip.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    stepEnd(grip.dataset.end, way);
  });
}

function current() {
  return items.find((one) => one.dataset.key === key) ?? document.activeElement?.closest?.(".rv-item") ?? items.find((one) => one.matches(":target"));
}

function show(item) {
  if (item.dataset.key !== key) take(parts("key", item.dataset.key), item.dataset.key);
  const mark = parts("key", item.dataset.key)[0] ?? document.getElementById(`line-${item.dataset.line}`);
  if (mark && note.scrollHeight > note.clientHeight) note.scrollTop += mark.getBoundingClientRect().top - note.getBoundingClientRect().top - note.clientHeight / 3;
  placeGrips();
}

function go(item) {
  if (!item) return;
  if (isWide.matches) {
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    show(item);
  } else {
    take(parts("key", item.dataset.key), item.dataset.key);
    parts("key", item.dataset.key)[0]?.scrollIntoView({ block: "center" });
  }
}

function step(by) {
  const at = items.indexOf(current());
  go(items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))]);
}

function press(item, which) {
  const target = item.querySelector(`[data-key="${which}"]`);
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.querySelector("textarea, input").focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  } else target?.click();
}

function send(form, act) {
  form.requestSubmit(form.querySelector(`button[name=act][value=${act}]`));
}

function divide(area) {
  const at = area.selectionStart;
  area.value = `${area.value.slice(0, at).trimEnd()}\n\n${area.value.slice(at).trimStart()}`;
  send(area.form, "reword");
}

document.addEventListener("selectionchange", () => {
  const made = getSelection();
  if (made.isCollapsed || !made.rangeCount || !note.contains(made.anchorNode) || !note.contains(made.focusNode)) return;
  choose(made.getRangeAt(0).cloneRange(), "");
});

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  if (field) {
    if (event.key === "Escape" && field.closest(".rv-item")) go(field.closest(".rv-item"));
    else if (event.key === "Enter" && field.dataset.enter) {
      event.preventDefault();
      send(field.form, field.dataset.enter);
    } else if (event.key === "Enter" && field.matches(".rv-item textarea") && (event.ctrlKey || event.metaKey)) send(field.form, "reword");
    else if (event.key === "Enter" && field.matches(".rv-item textarea") && event.altKey) {
      event.preventDefault();
      divide(field);
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Escape" && chosen) choose(null, "");
  else if (/^[1-8]$/.test(event.key) && chosen) palette.querySelector(`[data-digit="${event.key}"]`).click();
  else if (/^[cdemu]$/.test(event.key) && current()) {
    event.preventDefault();
    press(current(), event.key);
  }
});

screen.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "split") divide(event.target.closest("form").querySelector("textarea"));
  const piece = event.target.closest(".note [data-s]");
  if (!piece && !isWide.matches && !event.target.closest(".palette, .rv-item, form")) choose(null, "");
  if (!piece || !getSelection().isCollapsed) return;
  if (piece.dataset.key) {
    const item = items.find((one) => one.dataset.key === piece.dataset.key);
    if (isWide.matches) item?.focus({ preventScroll: true });
    take(parts("key", piece.dataset.key), piece.dataset.key);
    if (isWide.matches) item?.scrollIntoView({ block: "nearest" });
  } else take(parts("s", piece.dataset.s));
});
palette.addEventListener("mousedown", (event) => event.target.closest("button") && event.preventDefault());
screen.addEventListener("focusin", (event) => {
  const item = event.target.closest(".rv-item");
  if (item && item.dataset.key !== key) show(item);
});
note.addEventListener("scroll", placeGrips);
addEventListener("resize", placeGrips);
addEventListener("scroll", placeGrips);
new ResizeObserver(placeGrips).observe(screen);

for (const one of screen.querySelectorAll("[data-act=split], .rv-item [data-hint]")) one.hidden = false;
choose(null, "");
const to = document.getElementById(location.hash.slice(1));
const line = to && note.contains(to) ? Number(to.id.replace("line-", "")) : 0;
const open = items.filter((one) => one.dataset.standing === "proposed");
if (to?.matches(".rv-item")) go(to);
else if (line) go(open.find((one) => Number(one.dataset.line) >= line) ?? open[0]);
else if (isWide.matches) go(items.find((one) => one.dataset.key === screen.dataset.next));
