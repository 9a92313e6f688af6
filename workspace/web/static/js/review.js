// The review by keyboard: letters press the buttons of the item that has the focus, and words selected in the
// document can be added. Every one of these is a form that works without this.
const screen = document.querySelector(".review");
const items = [...screen.querySelectorAll(".rv-item")];
const source = screen.querySelector(".review-source .lines");
const adding = document.getElementById("add");
const offer = screen.querySelector(".add-selected");

function current() {
  return document.activeElement?.closest?.(".rv-item") ?? items.find((one) => one.matches(":target"));
}

function show(item) {
  for (const mark of source.querySelectorAll(".is-current")) mark.classList.remove("is-current");
  const number = item.id.replace("item-", "");
  const marks = source.querySelectorAll(`mark[data-number="${number}"]`);
  for (const mark of marks) mark.classList.add("is-current");
  const line = marks[0]?.closest("li") ?? document.getElementById(`line-${item.dataset.line}`);
  if (line && source.scrollHeight > source.clientHeight) source.scrollTop = line.offsetTop - source.offsetTop - source.clientHeight / 3;
}

function go(item) {
  if (!item) return;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const at = items.indexOf(current());
  go(items[at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))]);
}

function press(item, key) {
  const target = item.querySelector(`[data-key="${key}"]`);
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.querySelector("textarea, input").focus();
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

function selected() {
  const chosen = getSelection();
  return chosen && !chosen.isCollapsed && source.contains(chosen.anchorNode) && source.contains(chosen.focusNode) ? chosen : null;
}

function lineOf(node) {
  return node && (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("li")?.id.replace("line-", "");
}

function addSelected() {
  const chosen = selected();
  if (!chosen) return;
  const range = chosen.getRangeAt(0);
  adding.elements.text.value = chosen.toString().replace(/^\s*\d+\s*$/gm, "").replace(/\s+/g, " ").trim();
  adding.elements.first.value = lineOf(range.startContainer) ?? "";
  adding.elements.last.value = lineOf(range.endContainer) ?? "";
  send(adding, "add");
}

document.addEventListener("selectionchange", () => {
  offer.hidden = !selected();
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
  else if (event.key === "a") addSelected();
  else if (/^[cdemu]$/.test(event.key) && current()) {
    event.preventDefault();
    press(current(), event.key);
  }
});

screen.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  if (act === "split") divide(event.target.closest("form").querySelector("textarea"));
  else if (act === "add-selected") addSelected();
  const mark = event.target.closest("mark");
  if (mark && !selected()) go(document.getElementById(`item-${mark.dataset.number}`));
});
offer.addEventListener("mousedown", (event) => event.preventDefault());
screen.addEventListener("focusin", () => current() && show(current()));

for (const one of screen.querySelectorAll("[data-act=split], [data-hint]")) one.hidden = false;
const to = document.getElementById(location.hash.slice(1)) ?? document.getElementById(`item-${screen.dataset.next}`);
if (to?.matches(".rv-item")) go(to);
