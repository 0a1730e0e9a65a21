// What the toolbar and the keys do to Markdown.
import { EditorSelection } from "../../vendor/editor.js";

const PREFIX = /^(\s*)(?:(#{1,6}) |(>) ?|([-*+]) (\[[ xX]\] )?|(\d{1,9})([.)]) )?/;

/** Wrap the selected words in a mark, or take it away. Without a selection: the word at the caret. */
export function toggleMark(mark) {
  return (view) => {
    if (view.state.readOnly) return false;
    const change = view.state.changeByRange((range) => {
      const { from, to } = range.empty ? (view.state.wordAt(range.head) ?? range) : range;
      const { doc } = view.state;
      const size = mark.length;
      const isWrapped = doc.sliceString(from - size, from) === mark && doc.sliceString(to, to + size) === mark;
      if (isWrapped && !(size === 1 && doc.sliceString(from - 2, from) === mark + mark && doc.sliceString(from - 3, from) !== mark.repeat(3))) {
        return {
          changes: [{ from: from - size, to: from }, { from: to, to: to + size }],
          range: EditorSelection.range(from - size, to - size),
        };
      }
      return {
        changes: [{ from, insert: mark }, { from: to, insert: mark }],
        range: EditorSelection.range(from + size, to + size),
      };
    });
    view.dispatch(view.state.update(change, { userEvent: "input.format", scrollIntoView: true }));
    return true;
  };
}

const BLOCKS = {
  heading: { has: (found) => Boolean(found[2]), begin: () => "## " },
  bullets: { has: (found) => Boolean(found[4]) && !found[5], begin: () => "- " },
  numbers: { has: (found) => Boolean(found[6]), begin: (index) => `${index + 1}. ` },
  checklist: { has: (found) => Boolean(found[5]), begin: () => "- [ ] " },
  quote: { has: (found) => Boolean(found[3]), begin: () => "> " },
};

/** Make the selected lines headings, items or quotes, or plain again when all of them are. */
export function toggleBlock(kind) {
  return (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const { from, to } = state.selection.main;
    const rows = [];
    for (let at = state.doc.lineAt(from); ; at = state.doc.line(at.number + 1)) {
      if (at.text.trim() || at.from === state.doc.lineAt(to).from) rows.push(at);
      if (at.to >= to) break;
    }
    const block = BLOCKS[kind];
    const all = rows.every((row) => block.has(PREFIX.exec(row.text)));
    const changes = rows.map((row, index) => {
      const found = PREFIX.exec(row.text);
      return { from: row.from + found[1].length, to: row.from + found[0].length, insert: all ? "" : block.begin(index) };
    });
    const set = state.changes(changes);
    view.dispatch({
      changes: set,
      selection: state.selection.map(set, 1),
      userEvent: "input.format",
      scrollIntoView: true,
    });
    return true;
  };
}

/** Turn the selected words into a link to an address; without any, the address is its own text. */
export function insertLink(view, address) {
  const { from, to } = view.state.selection.main;
  const words = view.state.doc.sliceString(from, to).replace(/[[\]]/g, "") || address;
  const insert = `[${words}](${address.replace(/[()\s]/g, encodeURIComponent)})`;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.format",
    scrollIntoView: true,
  });
}

/** Enter goes on with a list or quote; on an empty item it ends it. */
export function continueList(view) {
  const { state } = view;
  const { from, to, empty } = state.selection.main;
  if (state.readOnly) return false;
  const row = state.doc.lineAt(from);
  const found = PREFIX.exec(row.text);
  const isItem = found[3] || found[4] || found[6];
  if (!isItem || from - row.from < found[0].length) return false;
  if (empty && row.text.slice(found[0].length).trim() === "") {
    view.dispatch({ changes: { from: row.from, to: row.to }, selection: { anchor: row.from }, userEvent: "input" });
    return true;
  }
  const insert = `\n${nextPrefix(found)}`;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input",
    scrollIntoView: true,
  });
  return true;
}

function nextPrefix([, indent, , quote, bullet, task, number, delimiter]) {
  if (quote) return `${indent}> `;
  if (bullet) return `${indent}${bullet} ${task ? "[ ] " : ""}`;
  return `${indent}${Number(number) + 1}${delimiter} `;
}
