// Links: which addresses may be opened, the link at a place, and putting one around words.
import { EditorView, syntaxTree } from "../../vendor/editor.js";

const SAFE = /^(https?:|mailto:|tel:)/i;

/** The address of a link, when it is one that may be opened; otherwise null. */
export function safeAddress(words) {
  const address = words.trim();
  return SAFE.test(address) ? address : null;
}

/** An address as it may stand in Markdown's brackets. */
export function escaped(address) {
  return address.replace(/[()<>\s\\]/g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** The link at a place of the text: {from, to, words, address}, or null. */
export function linkAt(state, at) {
  for (const side of [1, -1]) {
    for (let node = syntaxTree(state).resolveInner(at, side); node; node = node.parent) {
      if (node.name !== "Link") continue;
      const url = node.getChild("URL");
      const [open, close] = node.getChildren("LinkMark");
      if (!url || !close) return null;
      return {
        from: node.from,
        to: node.to,
        words: state.sliceDoc(open.to, close.from),
        address: state.sliceDoc(url.from, url.to),
      };
    }
  }
  return null;
}

/** Turn the selected words into a link to an address, or the link at the caret into one to it. */
export function insertLink(view, address) {
  const { state } = view;
  const selected = state.selection.main;
  const present = linkAt(state, selected.from);
  const { from, to } = present ?? selected;
  const words = (present?.words ?? state.sliceDoc(from, to)).replace(/[[\]]/g, "").replace(/\s+/g, " ");
  const insert = `[${words.trim() || address}](${escaped(address)})`;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.format",
    scrollIntoView: true,
  });
}

/** Clicking a link opens it where `isPlain(view, at)` says that its address is hidden; elsewhere with Ctrl. */
export function openingLinks(isPlain) {
  return EditorView.domEventHandlers({
    mousedown(event, view) {
      if (event.button !== 0 || !event.target.closest?.(".md-link")) return false;
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (at === null || !(isPlain(view, at) || event.ctrlKey || event.metaKey)) return false;
      const address = safeAddress(linkAt(view.state, at)?.address ?? "");
      if (!address) return false;
      window.open(address, "_blank", "noopener,noreferrer");
      event.preventDefault();
      return true;
    },
  });
}
