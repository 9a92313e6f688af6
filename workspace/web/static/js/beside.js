// The drawer beside the text: fetched from the paragraph's own address, in the languages that are shown.
export const besides = (text, drawer) => {
  if (!drawer) return { open() {}, isOpen: () => false };
  const part = (name) => drawer.querySelector(`[data-part="${name}"]`);
  const body = part("body");
  let asked = 0;

  const mark = (paragraph) => {
    text.querySelectorAll(".para[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    paragraph?.setAttribute("aria-current", "true");
  };

  // Opening narrows the text on a wide screen: what is being read stays where it is, or comes whole into view.
  // On a narrow one the drawer is a sheet over the lower half: the paragraph goes above it.
  const steadily = (paragraph, change) => {
    const before = paragraph.getBoundingClientRect().top;
    change();
    window.scrollBy({ top: paragraph.getBoundingClientRect().top - before, behavior: "instant" });
    const isSheet = getComputedStyle(drawer).position === "fixed";
    paragraph.scrollIntoView({ block: isSheet ? "start" : "nearest", behavior: "instant" });
  };

  const show = async (paragraph, name, opener) => {
    const turn = (asked += 1);
    const page = own(paragraph);
    part("page").href = page;
    drawer.querySelector("h2").textContent = paragraph.getAttribute("aria-label");
    body.replaceChildren();
    part("wait").hidden = false;
    body.setAttribute("aria-busy", "true");
    mark(paragraph);
    if (drawer.hidden) steadily(paragraph, () => (drawer.hidden = false));
    const answer = await fetch(`${page}/beside?text=${text.dataset.shown}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (turn !== asked) return;
    part("wait").hidden = true;
    body.removeAttribute("aria-busy");
    if (!answer?.ok) {
      if (opener) location.assign(opener.href);
      return;
    }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    body.replaceChildren(...found.children);
    const place = name && body.querySelector(`[data-part="${name}"] [tabindex]`);
    (place || drawer.querySelector("h2")).focus({ preventScroll: true });
    if (place) place.scrollIntoView({ block: "nearest" });
  };

  const own = (paragraph) => `${location.pathname.replace(/\/$/, "")}/paragraphs/${paragraph.id.replace(/^b-/, "")}`;

  text.addEventListener("click", (event) => {
    const link = event.target.closest("[data-beside]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opened = link;
    show(link.closest(".para"), link.dataset.beside, link);
  });
  let opened = null;

  new MutationObserver(() => {
    if (!drawer.hidden) return;
    mark(null);
    opened?.focus();
  }).observe(drawer, { attributeFilter: ["hidden"] });

  return {
    open(paragraph) {
      opened = paragraph;
      show(paragraph);
    },
    isOpen: () => !drawer.hidden,
  };
};
