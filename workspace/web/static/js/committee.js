// The committee's desk: while decisions are being marked, the sill shows what they would do, and the marks are kept.
// The server answers with the sill alone; without this script, a button asks for the same.
const form = document.getElementById("desk-form");
const PAUSE = 700; // milliseconds without a change
let waiting = 0;
let running = null;
let isSent = false;

const show = async () => {
  waiting = 0;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form.dataset.sill, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      signal: running.signal,
      headers: { Accept: "text/html" },
    });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["sill-result", "sill-kept"]) {
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
    }
  } catch (problem) {
    if (problem.name !== "AbortError") throw problem;
  }
};

const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
};

// Whoever follows a link before the pause is over loses no mark.
const leave = () => {
  if (!waiting || isSent) return;
  clearTimeout(waiting);
  waiting = 0;
  fetch(form.dataset.sill, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true }).catch(() => {});
};

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.name !== "go") soon();
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(waiting);
    running?.abort();
  });
  // One alone of those that collide: marked in their place, as the server would, without leaving it.
  form.addEventListener("click", (event) => {
    const button = event.target.closest('[value^="alone-"]');
    if (!button) return;
    event.preventDefault();
    const [, number, others] = button.value.split("-");
    form.querySelector(`[name="verdict-${number}"][value="adopt"]`).checked = true;
    for (const other of others.split(".")) {
      form.querySelector(`[name="verdict-${other}"][value="fall"]`).checked = true;
      form.querySelector(`[name="because-${other}"]`).value = number;
    }
    soon();
  });
  addEventListener("pageshow", () => (isSent = false));
  addEventListener("pagehide", leave);
  if (form.querySelector('[name^="verdict-"]:checked:not([value=""])')) soon();
}
