// What the editor takes from its libraries, bundled once into prosemirror.js by build.mjs; never loaded by a page.
export { EditorState, TextSelection } from "prosemirror-state";
export { EditorView } from "prosemirror-view";
export { Schema, Fragment, Slice } from "prosemirror-model";
export { keymap } from "prosemirror-keymap";
export { baseKeymap, toggleMark, chainCommands } from "prosemirror-commands";
export { history, undo, redo } from "prosemirror-history";
export { MarkdownParser, MarkdownSerializer, MarkdownSerializerState } from "prosemirror-markdown";
export { default as MarkdownIt } from "markdown-it";
