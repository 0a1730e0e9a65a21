// The live text in the browser: the CRDT, the editor, and what ties them together. Only what is used is bundled.
import {
  Doc,
  UndoManager,
  UpdateEncoderV1,
  applyUpdate,
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  createRelativePositionFromTypeIndex,
  decodeUpdate,
  encodeStateVector,
  mergeUpdates,
  relativePositionToJSON,
} from "yjs";

export const Y = {
  Doc,
  UndoManager,
  UpdateEncoderV1,
  applyUpdate,
  createAbsolutePositionFromRelativePosition,
  createRelativePositionFromJSON,
  createRelativePositionFromTypeIndex,
  decodeUpdate,
  encodeStateVector,
  mergeUpdates,
  relativePositionToJSON,
};
export { toUint8Array, writeVarUint } from "lib0/encoding";
export { yCollab, ySyncAnnotation, yUndoManagerKeymap } from "y-codemirror.next";
export { EditorState, EditorSelection, StateField, StateEffect, Compartment, Prec } from "@codemirror/state";
export { EditorView, ViewPlugin, Decoration, WidgetType, keymap, drawSelection, placeholder } from "@codemirror/view";
export { defaultKeymap, indentMore, indentLess } from "@codemirror/commands";
export { Language, defineLanguageFacet, syntaxTree, ensureSyntaxTree, languageDataProp } from "@codemirror/language";
export { parser as markdownParser, TaskList } from "@lezer/markdown";
