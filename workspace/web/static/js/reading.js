// The sources of a paragraph beside the text: a count with data-sources (the id of a template) and data-name fills
// the drawer that overlays.js then opens. Without this script the same link leads to the paragraph's own page.
const drawer = document.getElementById("provenance");
const part = (name) => drawer.querySelector(`[data-part="${name}"]`);

const mark = (paragraph) => {
  document.querySelectorAll(".para[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
  paragraph?.setAttribute("aria-current", "true");
};

const fill = (link) => {
  part("name").textContent = link.dataset.name;
  part("body").replaceChildren(document.getElementById(link.dataset.sources).content.cloneNode(true));
  part("page").href = link.href;
  mark(link.closest(".para"));
};

if (drawer) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-sources]");
    if (link) fill(link);
  }, true);
  new MutationObserver(() => drawer.hidden && mark(null)).observe(drawer, { attributeFilter: ["hidden"] });
}
