// An editor over the text fields of an amendment (textarea[data-rich]). The textarea stays what the form sends, and is
// kept in step; where its text could not be written again just as it is, it stays what people write in, too.
import { baseKeymap, chainCommands, EditorState, EditorView, history, keymap, redo, toggleMark, undo } from "./vendor/prosemirror.js";
import { read, schema, write } from "./dialect.js";

const form = document.querySelector("form[data-editing]");
const words = JSON.parse(form.dataset.editing);
const radio = (op) => form.querySelector(`[name="op"][value="${op}"]`);

const lineBreak = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(schema.nodes.hard_break.create()).scrollIntoView());
  return true;
};

const linked = (state, dispatch) => {
  const { link } = schema.marks;
  const { from, to, empty } = state.selection;
  if (state.doc.rangeHasMark(from, to, link)) return toggleMark(link)(state, dispatch);
  if (empty) return false;
  if (!dispatch) return true;
  const href = window.prompt(words.address, "https://")?.trim();
  if (!href || !/^(?:https?:|mailto:)[^\s()<>]+$/iu.test(href)) return false;
  return toggleMark(link, { href })(state, dispatch);
};

// A busy browser tells that the cursor moved only after the next key: the editor looks before each, or an Enter would
// replace words that are no longer selected.
const cursorRead = () => {
  document.dispatchEvent(new Event("selectionchange"));
  return false;
};

const TOOLS = [
  ["bold", toggleMark(schema.marks.strong), schema.marks.strong],
  ["italic", toggleMark(schema.marks.em), schema.marks.em],
  ["link", linked, schema.marks.link],
  ["break", lineBreak],
  ["undo", undo],
  ["redo", redo],
];

const isMarked = (state, mark) => {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(mark.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, mark);
};

const button = (text) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-small btn-quiet";
  made.textContent = text;
  return made;
};

class Rich {
  constructor(area) {
    this.area = area;
    this.label = document.getElementById(area.dataset.rich);
    this.label.addEventListener("click", () => this.view?.focus());
    for (const link of document.querySelectorAll(`a[href="#${area.id}"]`)) link.addEventListener("click", () => this.view?.focus());
    area.addEventListener("rich:again", () => this.again());
    addEventListener("pageshow", () => this.catchUp());
    this.open(false);
  }

  again() {
    if (!this.view) return;
    this.close();
    this.open(false);
  }

  // Whoever comes back finds in the textarea what they had written there: the browser puts it back.
  catchUp() {
    if (!this.view || write(this.view.state.doc) === this.area.value) return;
    this.again();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  open(hasFocus) {
    const doc = read(this.area.value, words.numbers);
    if (!doc) return;
    this.frame = document.createElement("div");
    this.frame.className = "rich";
    this.area.before(this.frame);
    this.view = new EditorView(this.frame, {
      state: EditorState.create({ doc, plugins: [history(), keymap(this.keys()), keymap(baseKeymap)] }),
      attributes: this.attributes(),
      handleDOMEvents: { keydown: cursorRead },
      dispatchTransaction: (transaction) => this.changed(transaction),
    });
    this.frame.prepend(this.toolbar());
    this.area.hidden = true;
    this.shown();
    if (hasFocus) this.view.focus();
  }

  close() {
    this.view.destroy();
    this.frame.remove();
    this.view = null;
    this.area.hidden = false;
  }

  attributes() {
    return {
      role: "textbox",
      "aria-multiline": "true",
      "aria-labelledby": this.label.id,
      "aria-describedby": this.area.getAttribute("aria-describedby") ?? "",
      "aria-invalid": this.area.getAttribute("aria-invalid") ?? "false",
      class: "editor text",
      lang: this.area.lang,
      spellcheck: "true",
    };
  }

  keys() {
    const enter = (state, dispatch) => (this.mayDivide() ? baseKeymap.Enter(state, dispatch) : lineBreak(state, dispatch));
    return {
      "Mod-b": toggleMark(schema.marks.strong),
      "Mod-i": toggleMark(schema.marks.em),
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Shift-Enter": lineBreak,
      Enter: chainCommands(enter),
      "Alt-F10": () => {
        this.frame.querySelector("[role=toolbar] button[tabindex='0']").focus();
        return true;
      },
    };
  }

  mayDivide() {
    return this.area.name !== "wording" || Boolean(radio("split"));
  }

  changed(transaction) {
    this.view.updateState(this.view.state.apply(transaction));
    this.shown();
    if (!transaction.docChanged) return;
    this.area.value = write(this.view.state.doc);
    if (this.area.name === "wording") this.divided(this.view.state.doc.childCount > 1);
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A second paragraph makes a rewording a split, and the other way round.
  divided(isDivided) {
    const [from, to] = isDivided ? ["reword", "split"] : ["split", "reword"];
    if (radio(from)?.checked && radio(to)) radio(to).checked = true;
  }

  toolbar() {
    const bar = document.createElement("div");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", words.tools);
    bar.className = "row tools-row";
    this.tools = TOOLS.map(([name, command, mark]) => {
      const tool = button(words[name]);
      tool.addEventListener("mousedown", (event) => event.preventDefault());
      tool.addEventListener("click", () => {
        command(this.view.state, this.view.dispatch);
        this.view.focus();
      });
      return { tool, name, command, mark };
    });
    const plain = button(words.plain);
    plain.addEventListener("click", () => this.plain());
    const every = [...this.tools.map((one) => one.tool), plain];
    every.forEach((one, place) => (one.tabIndex = place ? -1 : 0));
    bar.addEventListener("keydown", (event) => this.walk(event, every));
    bar.append(...every);
    return bar;
  }

  walk(event, every) {
    const at = every.indexOf(event.target);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: every.length - 1 };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const next = every[(steps[event.key] + every.length) % every.length];
    every.forEach((one) => (one.tabIndex = one === next ? 0 : -1));
    next.focus();
  }

  shown() {
    for (const { tool, name, command, mark } of this.tools ?? []) {
      const isOn = Boolean(mark) && isMarked(this.view.state, mark);
      if (mark) tool.setAttribute("aria-pressed", String(isOn));
      if (name === "link") tool.textContent = isOn ? words.unlink : words.link;
      tool.setAttribute("aria-disabled", String(!command(this.view.state)));
    }
  }

  plain() {
    this.close();
    const back = button(words.rich);
    back.addEventListener("click", () => {
      this.open(true);
      if (this.view) back.remove();
    });
    this.area.after(back);
    this.area.focus();
  }
}

for (const area of form.querySelectorAll("textarea[data-rich]")) new Rich(area);
