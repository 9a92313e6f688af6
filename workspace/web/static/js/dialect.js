// The inline Markdown of a paragraph as the editor knows it, to and from text. What comes back is the very text that
// went in, or the editor is not offered: nobody files a change they have not made.
import { MarkdownIt, MarkdownParser, MarkdownSerializerState, Schema } from "./vendor/prosemirror.js";

const MARKUP = { em: "_", strong: "**" };

const written = (name, tag) => ({
  attrs: { markup: { default: MARKUP[name] } },
  parseDOM: tag.map((one) => ({ tag: one })),
  toDOM: () => [name, 0],
});

const token = (name, key, tag) => ({
  inline: true,
  group: "inline",
  atom: true,
  attrs: { [key]: {}, label: { default: "" } },
  parseDOM: [{ tag: `${tag}[data-${name}]`, getAttrs: (node) => ({ [key]: node.dataset[name], label: node.textContent }) }],
  toDOM: (node) => [tag, { class: name, [`data-${name}`]: node.attrs[key], contenteditable: "false" }, node.attrs.label || node.attrs[key]],
});

export const schema = new Schema({
  nodes: {
    doc: { content: "paragraph+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    text: { group: "inline" },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    crossref: token("crossref", "block", "span"),
    footnote: token("footnote", "name", "sup"),
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [{ tag: "a[href]", getAttrs: (node) => ({ href: node.getAttribute("href"), title: node.getAttribute("title") }) }],
      toDOM: (mark) => ["a", { href: mark.attrs.href, title: mark.attrs.title }, 0],
    },
    em: written("em", ["em", "i"]),
    strong: written("strong", ["strong", "b"]),
    code: { excludes: "_", parseDOM: [{ tag: "code" }], toDOM: () => ["code", 0] },
  },
});

const atomic = (name, pattern) => (state, silent) => {
  pattern.lastIndex = state.pos;
  const found = pattern.exec(state.src);
  if (!found) return false;
  if (!silent) state.push(name, "", 0).meta = found[1];
  state.pos += found[0].length;
  return true;
};

const parserFor = (numbers) => {
  const marks = new MarkdownIt("zero").enable(["newline", "escape", "backticks", "emphasis", "link"]);
  marks.normalizeLink = marks.normalizeLinkText = (address) => address;
  marks.validateLink = () => true;
  marks.inline.ruler.before("link", "crossref", atomic("crossref", /\[\]\(#b-([^()\s]+)\)/y));
  marks.inline.ruler.before("link", "footnote", atomic("footnote", /\[\^([^[\]\s]+)\]/y));
  const markup = (found) => ({ markup: found.markup });
  return new MarkdownParser(schema, marks, {
    paragraph: { block: "paragraph" },
    em: { mark: "em", getAttrs: markup },
    strong: { mark: "strong", getAttrs: markup },
    link: { mark: "link", getAttrs: (found) => ({ href: found.attrGet("href"), title: found.attrGet("title") || null }) },
    code_inline: { mark: "code", noCloseToken: true },
    hardbreak: { node: "hard_break" },
    crossref: { node: "crossref", getAttrs: (found) => ({ block: found.meta, label: numbers[found.meta] ?? "" }) },
    footnote: { node: "footnote", getAttrs: (found) => ({ name: found.meta, label: found.meta }) },
  });
};

const isWord = (character) => /[\p{L}\p{N}]/u.test(character ?? "");
const isBlank = (character) => character !== undefined && /\s/u.test(character);

// Only what would be read as a mark is escaped: "[shall]" and "2 * 3" stay as they are.
class Written extends MarkdownSerializerState {
  esc(text) {
    return text
      .replace(/\\(?=[!-/:-@[-`{-~]|$)/gu, "\\\\")
      .replace(/`/gu, "\\`")
      .replace(/\*/gu, (mark, at) => (isBlank(text[at - 1]) && isBlank(text[at + 1]) ? mark : `\\${mark}`))
      .replace(/_/gu, (mark, at, whole) => {
        const [before, after] = [whole[at - 1], whole[at + 1]];
        return (isWord(before) && isWord(after)) || (isBlank(before) && isBlank(after)) ? mark : `\\${mark}`;
      })
      .replace(/\](?=\()/gu, "\\]")
      .replace(/\[(?=\^)/gu, "\\[");
  }
}

const around = (markup) => ({ open: markup, close: markup, mixable: true, expelEnclosingWhitespace: true });
const nodes = {
  paragraph: (state, node) => {
    state.renderInline(node);
    state.closeBlock(node);
  },
  text: (state, node) => state.text(node.text),
  hard_break: (state) => state.write("\\\n"),
  crossref: (state, node) => state.write(`[](#b-${node.attrs.block})`),
  footnote: (state, node) => state.write(`[^${node.attrs.name}]`),
};
const marks = {
  em: around((_state, mark) => mark.attrs.markup),
  strong: around((_state, mark) => mark.attrs.markup),
  link: {
    open: "[",
    close: (_state, mark) => `](${mark.attrs.href}${mark.attrs.title ? ` "${mark.attrs.title.replaceAll('"', '\\"')}"` : ""})`,
    mixable: true,
  },
  code: { open: "`", close: "`", escape: false },
};

export const write = (doc) => {
  const state = new Written(nodes, marks, { hardBreakNodeName: "hard_break" });
  state.renderContent(doc);
  return state.out;
};

// The text as a document, or null where writing it again would give another text.
export const read = (text, numbers) => {
  const doc = parserFor(numbers).parse(text) ?? schema.topNodeType.createAndFill();
  const whole = doc.childCount ? doc : schema.topNodeType.createAndFill();
  return write(whole) === text ? whole : null;
};
