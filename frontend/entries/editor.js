// The live text in the browser: the CRDT, the editor, and what ties them together.
export * as Y from "yjs";
export { yCollab, ySyncAnnotation, yUndoManagerKeymap } from "y-codemirror.next";
export { EditorState, EditorSelection, StateField, StateEffect, Compartment, Annotation, Prec, RangeSet, Transaction, Text } from "@codemirror/state";
export { EditorView, ViewPlugin, Decoration, WidgetType, keymap, drawSelection, placeholder, layer, RectangleMarker } from "@codemirror/view";
export { defaultKeymap, indentMore, indentLess } from "@codemirror/commands";
export { Language, defineLanguageFacet, syntaxTree, ensureSyntaxTree, languageDataProp } from "@codemirror/language";
export { parser as markdownParser, TaskList, Strikethrough, Autolink } from "@lezer/markdown";
