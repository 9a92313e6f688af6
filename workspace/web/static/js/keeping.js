// What is typed into an amendment or a translation is kept on the server at every pause, and comes back with what the server thinks of
// it. While the server is away it is kept in this browser. The form works without all this: it has a button for it.
const PAUSE = 1200;
const AGAIN = 8000;
const PATIENCE = 3000;
const OWN = new Set(["csrf", "draft", "version", "action"]);
const form = document.querySelector("form[data-keeping]");
const words = JSON.parse(form.dataset.editing);
const say = document.getElementById("kept-say");
const field = (name) => form.elements.namedItem(name);
const about = ["block", "amends", "revises"].map((name) => field(name)?.value ?? "");
const key = ["amending", form.dataset.owner, location.pathname, ...about].join(":");
let waiting = 0;
let isKeeping = false;
let isDue = false;
let isSent = false;
let keeping = null;

const copied = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !OWN.has(name)));

const keep = () => {
  clearTimeout(waiting);
  waiting = 0;
  if (isSent) return;
  if (isKeeping) isDue = true;
  else keeping = send();
};

const send = async () => {
  [isKeeping, isDue] = [true, false];
  try {
    const answer = await fetch(form.dataset.keeping, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true });
    if (answer.ok) kept(await answer.json());
    else away(answer.status < 500 && answer.status !== 429 ? words.refused : words.away);
  } catch {
    away(words.away);
  }
  isKeeping = false;
  if (isDue) later();
};

const kept = (answer) => {
  field("draft").value = answer.draft;
  field("version").value = answer.version;
  say.textContent = answer.said;
  localStorage.removeItem(key);
  const checked = new DOMParser().parseFromString(answer.checked, "text/html");
  for (const place of document.querySelectorAll("[data-checked]")) {
    const news = checked.getElementById(`checked-${place.dataset.checked}`);
    if (news && !place.contains(document.activeElement)) place.replaceChildren(...news.childNodes);
  }
};

const away = (told) => {
  localStorage.setItem(key, JSON.stringify(copied()));
  say.textContent = told;
  waiting = setTimeout(keep, AGAIN);
};

const later = () => {
  clearTimeout(waiting);
  say.textContent = words.keeping;
  waiting = setTimeout(keep, PAUSE);
};

const offered = (copy) => {
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  const told = document.createElement("p");
  told.textContent = words.found;
  const buttons = ["put_back", "forget"].map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = words[name];
    button.addEventListener("click", () => {
      notice.remove();
      localStorage.removeItem(key);
      if (name === "put_back") putBack(copy);
    });
    return button;
  });
  const row = document.createElement("p");
  row.className = "row";
  row.append(...buttons);
  const body = document.createElement("div");
  body.className = "stack g-2";
  body.append(told, row);
  notice.append(body);
  form.prepend(notice);
};

const putBack = (copy) => {
  for (const [name, value] of Object.entries(copy)) {
    const found = field(name);
    if (found instanceof RadioNodeList || found?.type !== "checkbox") {
      if (found) found.value = value;
    } else found.checked = true;
  }
  for (const area of form.querySelectorAll("textarea[data-rich]")) {
    area.dispatchEvent(new Event("rich:again"));
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

const stored = JSON.parse(localStorage.getItem(key) ?? "null");
if (stored && JSON.stringify(stored) !== JSON.stringify(copied())) offered(stored);
else localStorage.removeItem(key);

form.querySelector("button[name='keep']")?.setAttribute("hidden", ""); // for those without scripts
form.addEventListener("input", later);
// What is under way to the server goes before what is sent, which would not know the draft that it makes.
form.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  if (!navigator.onLine) {
    event.preventDefault();
    away(words.away);
    return;
  }
  isSent = true;
  if (!isKeeping) return;
  event.preventDefault();
  const over = new Promise((done) => setTimeout(done, PATIENCE));
  Promise.race([keeping, over]).then(() => {
    isKeeping = false;
    form.requestSubmit(event.submitter);
  });
});
addEventListener("pageshow", () => (isSent = false));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && waiting) keep();
});
// Whoever leaves before the last words are kept is asked, and they are sent all the same.
if ("asks" in form.dataset) {
  addEventListener("beforeunload", (event) => {
    if (isSent || !(waiting || isKeeping)) return;
    if (waiting) keep();
    event.preventDefault();
  });
}
