// Bold and italic as people expect them: around the words, on every selected line, and off again.
import { EditorSelection, ensureSyntaxTree, syntaxTree } from "../../vendor/editor.js";

const MARKS = { bold: { node: "StrongEmphasis", mark: "**" }, italic: { node: "Emphasis", mark: "*" } };
const PREFIX = /^\s*(?:#{1,6} |> ?|[-*+] (?:\[[ xX]\] )?|\d{1,9}[.)] )?/;
const PARSE_WITHIN = 50;

/** Make the selected words bold or italic, or plain again when they are. Without a selection: the word at the caret. */
export function toggleMark(kind) {
  return (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const { mark } = MARKS[kind];
    const selected = state.selection.main;
    const { stretches, marked, isAll } = look(state, kind);
    if (!stretches.length) return typeBetween(view, selected, mark);
    const plain = marked.flatMap(({ from, to }) => [{ from, to: from + mark.length }, { from: to - mark.length, to }]);
    const set = state.changes(isAll ? plain : [...plain, ...around(stretches, marked, mark)]);
    view.dispatch({ changes: set, selection: stay(selected, set, stretches[0].from), userEvent: "input.format", scrollIntoView: true });
    return true;
  };
}

/** Whether all that is selected is bold or italic. */
export function hasMark(state, kind) {
  return look(state, kind).isAll;
}

/** The selected words line by line, the marked stretches they touch, and whether these hold all of them. */
function look(state, kind) {
  const range = state.selection.main;
  const stretches = wordsOf(state, range.empty ? (state.wordAt(range.head) ?? range) : range);
  const last = stretches.at(-1)?.to ?? range.to;
  const tree = ensureSyntaxTree(state, last, PARSE_WITHIN) ?? syntaxTree(state);
  const marked = [];
  for (const { from, to } of stretches) {
    tree.iterate({
      from,
      to,
      enter: ({ name, from: begin, to: end }) => {
        const isTouched = name === MARKS[kind].node && begin < to && end > from;
        if (isTouched && !marked.some((each) => each.from === begin)) marked.push({ from: begin, to: end });
      },
    });
  }
  const isHeld = ({ from, to }) => marked.some((each) => each.from <= from && each.to >= to);
  return { stretches, marked, isAll: stretches.length > 0 && stretches.every(isHeld) };
}

/** Marks hug the words of a line: a space inside them, or a line break, would take their meaning away. */
function wordsOf(state, { from, to }) {
  const found = [];
  for (let row = state.doc.lineAt(from); ; row = state.doc.line(row.number + 1)) {
    const begin = Math.max(from, row.from + PREFIX.exec(row.text)[0].length);
    const words = state.sliceDoc(begin, Math.max(begin, Math.min(to, row.to)));
    const first = begin + words.length - words.trimStart().length;
    if (words.trim()) found.push({ from: first, to: first + words.trim().length });
    if (row.to >= to) return found;
  }
}

/** A mark on both sides of every stretch, and of what was marked already and reaches out of it. */
function around(stretches, marked, mark) {
  return stretches.flatMap(({ from, to }) => {
    const touched = marked.filter((each) => each.from < to && each.to > from);
    const begin = Math.min(from, ...touched.map((each) => each.from));
    const end = Math.max(to, ...touched.map((each) => each.to));
    return [{ from: begin, insert: mark }, { from: end, insert: mark }];
  });
}

/** The same words stay selected, without the marks. */
function stay({ anchor, head, empty }, set, begin) {
  if (empty) return EditorSelection.cursor(set.mapPos(head, head > begin ? -1 : 1));
  const side = anchor < head ? 1 : -1;
  return EditorSelection.range(set.mapPos(anchor, side), set.mapPos(head, -side));
}

/** Where there are no words: an empty pair to type into. */
function typeBetween(view, { head, empty }, mark) {
  if (!empty) return false;
  view.dispatch({
    changes: { from: head, insert: mark + mark },
    selection: { anchor: head + mark.length },
    userEvent: "input.format",
  });
  return true;
}
