// A form that is refused: the field has what is wrong beside it, is in view and has the focus. Where the refusal is a
// page of its own, this leads back to the form, with what was typed in it; that is kept in this tab until then only.
const KEPT = "refused-form";
const LEFT_OUT = ["password", "file", "hidden"];
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !LEFT_OUT.includes(one.type));
const goal = (form) => new URL(form.getAttribute("action") ?? "", location.href).href; // a button may be called "action"
const leadingTo = (address) => [...document.forms].filter((one) => goal(one) === address);

const show = (field) => {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const dialog = field.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
};

const mark = (field, said) => {
  const words = document.createElement("p");
  words.className = "error";
  words.id = `${field.id || field.name}-error`;
  words.textContent = said;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${words.id}`.trim());
  const around = field.closest(".field, .check, fieldset") ?? field;
  if (around.matches(".field, fieldset")) around.append(words);
  else around.after(words); // beside a box the words would narrow what it says
};

// The form is no longer there: what was typed in it is not lost.
const tell = (said, filled) => {
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.dataset.kind = "bad";
  notice.setAttribute("role", "alert");
  const words = filled.filter((one) => typeof one === "string" && one.trim().includes(" "));
  const lines = [said, ...words].map((text) => Object.assign(document.createElement("p"), { className: "typed", textContent: text }));
  const around = document.createElement("div");
  around.append(...lines);
  notice.append(around);
  document.querySelector("main").prepend(notice);
  scrollTo(0, 0);
};

document.addEventListener("submit", ({ target }) => {
  if (target.method !== "post") return;
  const filled = fieldsOf(target).map((one) => (["checkbox", "radio"].includes(one.type) ? one.checked : one.value));
  const action = goal(target);
  const sent = JSON.stringify({ page: location.href, action, at: leadingTo(action).indexOf(target), filled });
  try {
    sessionStorage.setItem(KEPT, sent);
  } catch {
    sessionStorage.removeItem(KEPT); // more than a tab keeps: the page of the refusal has the words
  }
}, true);

const refusal = document.querySelector("[data-refused-field]")?.dataset;
const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
const isOfHere = (address) => new URL(address).pathname === location.pathname;
sessionStorage.removeItem(KEPT);

if (refusal && kept && isOfHere(kept.action) && !kept.refusal) {
  sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, refusal }));
  location.replace(kept.page);
} else if (kept?.refusal && isOfHere(kept.page)) {
  const form = leadingTo(kept.action)[kept.at];
  const fields = form ? fieldsOf(form) : [];
  fields.forEach((one, at) => {
    if (typeof kept.filled[at] === "boolean") one.checked = kept.filled[at];
    else one.value = kept.filled[at] ?? one.value;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const field = fields.find((one) => one.name === kept.refusal.refusedField) ?? fields.find((one) => one.type !== "submit");
  if (field) {
    mark(field, kept.refusal.said);
    show(field);
  } else tell(kept.refusal.said, kept.filled);
} else {
  const said = document.querySelector("main [data-refusal]");
  let wrong = document.querySelector("main [aria-invalid=true]");
  if (!wrong && said && kept && isOfHere(kept.action)) {
    const form = leadingTo(kept.action)[kept.at];
    const fields = form ? fieldsOf(form).filter((one) => one.type !== "submit") : [];
    const name = said.closest("a")?.hash.slice(1);
    wrong = fields.find((one) => [one.name, one.id].includes(name)) ?? fields.find((one) => !one.value) ?? fields[0];
    if (wrong && !document.getElementById(`${name}-error`)) mark(wrong, said.textContent);
  }
  if (wrong) show(wrong);
}
