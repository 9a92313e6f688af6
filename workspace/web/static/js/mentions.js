// Names after an at sign: a list below the field offers some as one types. Without it the whole name is typed.
const PAUSE = 150;
const TYPED = /(?:^|\s)@([\p{L}\p{M}'’. -]{1,40})$/u;

// The list pushes down what stands below the field: closed while a button there is pressed, the press would miss it.
let isPressed = false;
document.addEventListener("mousedown", () => { isPressed = true; }, true);
document.addEventListener("mouseup", () => { isPressed = false; }, true);

const typed = (field) => TYPED.exec(field.value.slice(0, field.selectionStart))?.[1] ?? "";

class Offer {
  constructor(field) {
    this.field = field;
    this.list = document.createElement("ul");
    this.list.className = "name-list";
    this.list.id = `${field.id}-names`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    field.after(this.list);
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const item = event.target.closest("li");
      if (item) this.take(item);
    });
  }

  get items() {
    return [...this.list.children];
  }

  get current() {
    return this.items.find((one) => one.ariaSelected === "true");
  }

  later() {
    clearTimeout(this.timer);
    const starts = typed(this.field);
    if (!starts) return this.close();
    this.timer = setTimeout(() => this.ask(starts), PAUSE);
  }

  async ask(starts) {
    const internal = this.field.form.elements.internal;
    const query = new URLSearchParams({ starts, internal: internal && (internal.type === "hidden" || internal.checked) ? "yes" : "" });
    const answer = await fetch(`${this.field.dataset.names}?${query}`).catch(() => null);
    if (!answer?.ok || typed(this.field) !== starts) return this.close();
    const { items } = await answer.json();
    this.show(items.length === 1 && items[0] === starts.trim() ? [] : items);
  }

  show(names) {
    this.list.replaceChildren(...names.map((name, place) => {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${place}`;
      item.setAttribute("role", "option");
      item.textContent = name;
      return item;
    }));
    this.list.hidden = !names.length;
    if (names.length) this.select(this.items[0]);
  }

  select(item) {
    for (const one of this.items) one.ariaSelected = String(one === item);
    this.field.setAttribute("aria-activedescendant", item.id);
  }

  key(event) {
    if (this.list.hidden) return;
    const place = this.items.indexOf(this.current);
    const count = this.items.length;
    if (event.key === "ArrowDown") this.select(this.items[(place + 1) % count]);
    else if (event.key === "ArrowUp") this.select(this.items[(place + count - 1) % count]);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.current);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(item) {
    const { field } = this;
    const start = field.selectionStart - typed(field).length;
    field.setRangeText(`${item.textContent} `, start, field.selectionStart, "end");
    this.close();
  }

  leave() {
    if (!isPressed) return this.close();
    document.addEventListener("mouseup", () => setTimeout(() => this.close()), { once: true });
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }
}

document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.("textarea[data-names]") && !target.getAttribute("aria-controls")) new Offer(target);
});
