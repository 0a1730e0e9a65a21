// One editor over one live document.
import {
  Compartment,
  EditorState,
  EditorView,
  Prec,
  Y,
  defaultKeymap,
  drawSelection,
  indentLess,
  indentMore,
  keymap,
  placeholder,
  yCollab,
  yUndoManagerKeymap,
} from "../../vendor/editor.js";
import { carets } from "./carets.js";
import { continueList, tick } from "./commands.js";
import { finding } from "./find.js";
import { highlights } from "./highlights.js";
import { markdown } from "./language.js";
import { limits } from "./limits.js";
import { insertLink, linkAt, safeAddress } from "./links.js";
import { toggleMark } from "./marks.js";
import { markdownOf } from "./paste.js";
import { preview } from "./preview.js";

const nonce = document.querySelector("script[nonce]")?.nonce ?? "";

/**
 * Make the editor of a live document inside a parent element.
 * `on`: tooLong(), wantsLink(view), wantsComment(view), wantsTask(view), moved(view) after a change of text, caret or focus.
 */
export function createEditor({ live, parent, label, hint, on }) {
  const writing = new Compartment();
  const undo = new Y.UndoManager(live.body, { captureTimeout: 600 });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: live.text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.lineSeparator.of("\n"),
        EditorState.allowMultipleSelections.of(false),
        EditorView.lineWrapping,
        writing.of(mode(live.canEdit)),
        EditorView.contentAttributes.of({
          "aria-label": label,
          "aria-multiline": "true",
          spellcheck: "true",
          autocorrect: "on",
          autocapitalize: "sentences",
          "data-gramm": "false",
        }),
        hint ? placeholder(hint) : [],
        drawSelection({ cursorBlinkRate: 1100 }),
        markdown,
        yCollab(live.body, null, { undoManager: undo }),
        carets,
        finding,
        highlights,
        preview,
        limits(on.tooLong),
        Prec.high(keymap.of(keys(on))),
        keymap.of(yUndoManagerKeymap),
        keymap.of(defaultKeymap),
        pasting,
        EditorView.updateListener.of((update) => {
          if (update.selectionSet || update.focusChanged || update.docChanged) on.moved(update.view, update);
        }),
      ],
    }),
  });
  return {
    view,
    undo,
    allow(canEdit) {
      view.dispatch({ effects: writing.reconfigure(mode(canEdit)) });
    },
    destroy() {
      undo.destroy();
      view.destroy();
    },
  };
}

/** Read-only text can still take the focus, so that the keyboard reaches and copies it. */
function mode(canEdit) {
  return canEdit
    ? [EditorState.readOnly.of(false), EditorView.editable.of(true)]
    : [
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: "0", role: "textbox", "aria-readonly": "true" }),
      ];
}

/** With words selected, or the caret in a link, the key makes or changes a link; else it is the page's. */
function isAboutLink(state) {
  const { empty, from } = state.selection.main;
  return !state.readOnly && (!empty || linkAt(state, from) !== null);
}

function keys(on) {
  return [
    { key: "Enter", run: continueList },
    { key: "Mod-Enter", run: tick },
    { key: "Mod-b", run: toggleMark("bold"), preventDefault: true },
    { key: "Mod-i", run: toggleMark("italic"), preventDefault: true },
    { key: "Mod-k", run: (view) => isAboutLink(view.state) && on.wantsLink(view) },
    { key: "Ctrl-Alt-m", mac: "Cmd-Alt-m", run: (view) => on.wantsComment(view), preventDefault: true },
    { key: "Ctrl-Alt-k", mac: "Cmd-Alt-k", run: (view) => on.wantsTask(view), preventDefault: true },
    { key: "Mod-]", run: indentMore },
    { key: "Mod-[", run: indentLess },
  ];
}

const pasting = EditorView.domEventHandlers({
  paste(event, view) {
    const data = event.clipboardData;
    if (!data || view.state.readOnly) return false;
    const plain = data.getData("text/plain").trim();
    if (safeAddress(plain) && !/\s/.test(plain) && !view.state.selection.main.empty) {
      insertLink(view, plain);
    } else {
      const text = markdownOf(data.getData("text/html"));
      if (text === null) return false;
      view.dispatch(view.state.replaceSelection(text.replaceAll("\0", "")), { userEvent: "input.paste", scrollIntoView: true });
    }
    event.preventDefault();
    return true;
  },
});
