// The panel beside the text: what is said and asked for about a paragraph, and one's own comment or change, without
// leaving it. Fetched from the paragraph's own address, in the languages that are shown; without this script the
// button of a paragraph leads there.
import { showing } from "./amending.js";
import { fill } from "./phrases.js";

const REFUSED = 422;
const NOTHING = { open() {}, isOpen: () => false };
const fetched = async (address, options = {}) => {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, ...options }).catch(() => null);
  const page = answer?.ok || answer?.status === REFUSED ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  return { answer, page };
};

export const besides = (text, drawer, languageShown) => {
  if (!drawer) return NOTHING;
  const part = (name) => drawer.querySelector(`[data-part="${name}"]`);
  const body = part("body");
  const heading = drawer.querySelector("h2");
  let turns = 0;
  let opener = null;
  let current = null; // the paragraph that is open
  const unsent = new Map(); // what was being written beside a paragraph that was left, by its id
  const replies = new Map(); // the same of replies, by the id of their field
  let isLeaving = false;
  const writing = () => part("write");
  const isWritten = (place) => [...place.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);

  const own = (paragraph) => `${location.pathname.replace(/\/$/, "")}/paragraphs/${paragraph.id.replace(/^b-/, "")}`;

  const mark = (paragraph) => {
    text.querySelectorAll(".para[aria-current]").forEach((marked) => marked.removeAttribute("aria-current"));
    paragraph?.setAttribute("aria-current", "true");
  };

  const paint = (range) => {
    if (!globalThis.CSS?.highlights) return;
    CSS.highlights.set("chosen", new Highlight(...(range ? [range] : [])));
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

  // What was written beside the paragraph that is left stands there again when it is opened.
  const keep = () => {
    if (current && writing()) unsent.set(current.id, writing());
    for (const area of body.querySelectorAll(".thread textarea")) {
      if (area.value === area.defaultValue) replies.delete(area.id);
      else replies.set(area.id, area.value);
    }
  };

  // What is open, and what is written there: `write` is "comment", "amend" or nothing; `words` those that are selected.
  const show = async (paragraph, { place = "", write = "", words = null } = {}) => {
    const turn = (turns += 1);
    keep();
    if (paragraph !== current) drawer.querySelector("#toast")?.remove();
    current = paragraph;
    part("page").href = own(paragraph);
    heading.textContent = paragraph.getAttribute("aria-label");
    body.replaceChildren();
    part("wait").hidden = false;
    body.setAttribute("aria-busy", "true");
    mark(paragraph);
    paint(words?.range);
    if (drawer.hidden) steadily(paragraph, () => (drawer.hidden = false));
    const { page } = await fetched(`${own(paragraph)}/beside?text=${text.dataset.shown}`);
    if (turn !== turns) return;
    part("wait").hidden = true;
    body.removeAttribute("aria-busy");
    if (!page) {
      location.assign(own(paragraph));
      return;
    }
    body.replaceChildren(...page.body.children);
    const left = unsent.get(paragraph.id);
    if (left && isWritten(left)) writing()?.replaceWith(left);
    for (const [id, words] of replies) {
      const area = document.getElementById(id);
      if (!area) continue;
      area.value = words;
      area.closest("details").open = true;
    }
    const act = write && body.querySelector(`[data-do="${write}"]`);
    if (act) {
      await begin(act, words);
      return;
    }
    const there = place && body.querySelector(`[data-part="${place}"] [tabindex]`);
    (there || heading).focus({ preventScroll: true });
    if (there) there.scrollIntoView({ block: "nearest" });
  };

  // The form of a comment stands in the panel; that of a change is fetched in the language of the words.
  const begin = async (act, words = null) => {
    const kind = act.dataset.do;
    const form = body.querySelector(`[data-write="${kind}"]`);
    for (const other of body.querySelectorAll("[data-write]")) other.hidden = other !== form;
    if (kind === "comment") {
      (words ? fill(words) : form.querySelector('[name="text"]')).focus();
      return;
    }
    const address = new URL(act.href);
    address.searchParams.set("text", words?.language ?? languageShown() ?? address.searchParams.get("text"));
    if (isWritten(form)) {
      form.querySelector("#wording").focus();
      return;
    }
    const { page } = await fetched(`${address.href}&part=1`);
    const written = page?.querySelector("form");
    if (!written?.querySelector("#wording")) {
      location.assign(address.href);
      return;
    }
    form.replaceChildren(written);
    showing(written);
    const field = written.elements.namedItem("wording");
    const at = words ? field.value.indexOf(words.quote) : -1;
    field.focus();
    field.setSelectionRange(at < 0 ? field.value.length : at, at < 0 ? field.value.length : at + words.quote.length);
  };

  // What is sent stays in the panel when it is taken: its result is told in place. A refusal stands beside its field.
  const sent = async (form, submitter) => {
    const paragraph = current;
    const thread = form.closest(".thread")?.id;
    const words = new URLSearchParams(new FormData(form, submitter));
    submitter.disabled = true;
    const { answer, page } = await fetched(form.getAttribute("action"), { method: "POST", body: words });
    submitter.disabled = false;
    if (!answer?.redirected || !page) {
      if (refused(form, page)) return;
      form.noValidate = true;
      form.dataset.again = "";
      form.requestSubmit(submitter);
      return;
    }
    document.getElementById("toast")?.remove();
    const toast = page.getElementById("toast");
    for (const area of form.querySelectorAll("textarea")) replies.delete(area.id);
    if (form.id === "say") form.reset();
    else form.remove();
    if (paragraph) await renew(paragraph, thread);
    if (!toast) return;
    toast.dataset.beside = "";
    part("wait").before(toast);
    document.dispatchEvent(new Event("toast"));
  };

  // The paragraph and what stands beside it, as they are now; the focus goes to what was changed.
  const renew = async (paragraph, thread) => {
    const now = (await fetched(location.href)).page?.getElementById(paragraph.id);
    for (const part of now?.querySelectorAll(":scope > :is(.cell, .side-notes)") ?? []) {
      const here = part.matches(".cell") ? `:scope > [data-col="${part.dataset.col}"]` : ":scope > .side-notes";
      paragraph.querySelector(here)?.replaceChildren(...part.childNodes);
    }
    if (paragraph !== current) return;
    await show(paragraph, { place: "comments" });
    const changed = thread && document.getElementById(thread);
    if (!changed) return;
    changed.tabIndex = -1;
    changed.focus();
  };

  // Says beside each field why it was refused, and loses nothing. False where only the page can say it.
  const refused = (form, page) => {
    const wrong = [...(page?.querySelectorAll("[aria-invalid=true][name]") ?? [])];
    const fields = wrong.map((there) => [form.elements.namedItem(there.name), there.getAttribute("aria-describedby")]);
    if (!fields.length || fields.some(([field]) => !field)) return false;
    for (const old of form.querySelectorAll(".error")) old.remove();
    for (const [field, described] of fields) {
      const error = page.getElementById(described?.split(" ").find((id) => id.endsWith("-error")));
      if (!error) return false;
      error.id = `${field.id}-error`;
      error.setAttribute("role", "alert");
      field.closest(".field").append(error);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${error.id}`.trim());
    }
    fields[0][0].closest("details")?.setAttribute("open", "");
    fields[0][0].focus();
    return true;
  };

  // One's own remark is changed where it stands, in the form of its page.
  const edit = async (link) => {
    const form = (await fetched(link.href)).page?.querySelector("main form");
    if (!form) {
      location.assign(link.href);
      return;
    }
    const place = document.createElement("div");
    place.dataset.write = "edit";
    const [field, language] = [form.elements.namedItem("text"), form.elements.namedItem("language")];
    for (const named of [field, language]) {
      const id = `edit-${named.id}`;
      form.querySelectorAll(`[for="${named.id}"]`).forEach((label) => (label.htmlFor = id));
      named.id = id;
    }
    form.classList.remove("mt-5");
    form.querySelector("a.btn").dataset.act = "leave";
    place.append(form);
    const remark = link.closest(".remark");
    const said = [...remark.children];
    remark.replaceChildren(place);
    field.focus();
    place.addEventListener("click", (event) => {
      if (!event.target.closest("[data-act=leave]")) return;
      event.preventDefault();
      remark.replaceChildren(...said);
      link.focus();
    });
  };

  const submitted = (event) => {
    const { target: form, submitter } = event;
    if (!form.closest("#toast[data-beside], #beside [data-write], #beside .thread")) return;
    isLeaving = submitter?.value === "keep" || "again" in form.dataset;
    if (isLeaving || drawer.hidden) return;
    event.preventDefault();
    sent(form, submitter);
  };
  document.addEventListener("submit", submitted);

  body.addEventListener("click", (event) => {
    const act = event.target.closest('[data-do="amend"], [data-do="comment"], [data-do="edit-comment"]');
    if (!act || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (act.dataset.do === "edit-comment") edit(act);
    else begin(act);
  });

  text.addEventListener("click", (event) => {
    const link = event.target.closest("[data-beside]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    show(link.closest(".para"), { place: link.dataset.beside.split(" ").find((name) => name !== "sources") });
  });

  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (replies.size || [body, ...unsent.values()].some(isWritten))) event.preventDefault();
  });

  new MutationObserver(() => {
    if (!drawer.hidden) return;
    mark(null);
    paint(null);
    opener?.focus();
  }).observe(drawer, { attributeFilter: ["hidden"] });

  return {
    open(paragraph, how) {
      opener = how?.words ? paragraph.querySelector("[data-beside]") : paragraph;
      show(paragraph, how);
    },
    isOpen: () => !drawer.hidden,
  };
};
