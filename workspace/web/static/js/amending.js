// The change as it is typed. A textarea names its base text (data-diff-base), where to show the change
// (data-diff-view) and where to say how much changed (data-diff-say). The view's data-words is JSON in the
// language of the text: {"ins": ["inserted:", "end of insertion"], "del": […], "sum": {"ins": ["{n} word inserted", "{n} words inserted"], …}}.
import { diff } from "./word-diff.js";

const hidden = (text) => {
  const span = document.createElement("span");
  span.className = "vh";
  span.textContent = text;
  return span;
};

const raised = (text) => {
  const note = document.createElement("sup");
  note.textContent = text;
  return note;
};

// References as they are read, and no marks of bold or slanted words where nothing changes.
const REFERENCE = /(\[\^[^[\]\s]+\]|\[\]\(#b-[^()\s]+\))/u;
// What nobody sees is drawn as the number of the character.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;
const seen = (sign) => `⟨U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
const read = (text, isChanged, numbers) =>
  text.replace(UNSEEN, seen).split(REFERENCE).map((part) => {
    if (part.startsWith("[^")) return raised(part.slice(2, -1));
    if (part.startsWith("[](#b-")) return numbers[part.slice(6, -1)] ?? "¶";
    const plain = isChanged ? part : part.replace(/(?<!\\)(?:\*+(?=\S)|(?<=\S)\*+)/gu, "");
    return plain.replace(/\\(?=[^\p{L}\p{N}\s])/gu, "");
  });

const drawn = ([kind, text], words, numbers) => {
  if (!kind) return read(text, false, numbers);
  const mark = document.createElement(kind);
  mark.append(hidden(`${words[kind][0]} `), ...read(text.trimEnd(), true, numbers), hidden(` ${words[kind][1]}`));
  return [mark, /\s$/u.test(text) ? " " : ""];
};

const plural = new Intl.PluralRules(document.documentElement.lang);

const counted = (parts, kind, [singular, several]) => {
  const words = parts.filter((part) => part[0] === kind).flatMap((part) => part[1].match(/[\p{L}\p{N}]+/gu) ?? []);
  return (plural.select(words.length) === "one" ? singular : several).replace("{n}", words.length);
};

// Shows what changes as it is typed, in every such field of a form.
export const showing = (form) => {
  const { numbers = {} } = JSON.parse(form.dataset.editing);
  for (const area of form.querySelectorAll("textarea[data-diff-base]")) {
    const view = document.getElementById(area.dataset.diffView);
    const say = document.getElementById(area.dataset.diffSay);
    const words = JSON.parse(view.dataset.words);
    const draw = () => {
      const parts = diff(area.dataset.diffBase, area.value);
      view.replaceChildren(...parts.flatMap((part) => drawn(part, words, numbers)));
      say.textContent = Object.entries(words.sum).map(([kind, forms]) => counted(parts, kind, forms)).join(", ");
    };
    area.addEventListener("input", draw);
    draw();
  }
};

for (const form of document.querySelectorAll("form[data-editing]")) showing(form);
