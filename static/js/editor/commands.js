// What the toolbar and the keys do to the lines of Markdown: headings, items, checklists, quotes.

const PREFIX = /^(\s*)(?:(#{1,6}) |(>) ?|([-*+]) (\[[ xX]\] )?|(\d{1,9})([.)]) )?/;

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
    const rows = selectedRows(state);
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

/** Whether all selected lines are of this kind already. */
export function isBlock(state, kind) {
  return selectedRows(state).every((row) => BLOCKS[kind].has(PREFIX.exec(row.text)));
}

function selectedRows(state) {
  const { from, to } = state.selection.main;
  const rows = [];
  for (let row = state.doc.lineAt(from); ; row = state.doc.line(row.number + 1)) {
    if (row.text.trim() || (row.to >= to && !rows.length)) rows.push(row);
    if (row.to >= to) return rows;
  }
}

/** Enter goes on with a list or quote; on an empty item it goes one level out, or ends it. */
export function continueList(view) {
  const { state } = view;
  const { from, to, empty } = state.selection.main;
  if (state.readOnly) return false;
  const row = state.doc.lineAt(from);
  const found = PREFIX.exec(row.text);
  const isItem = found[3] || found[4] || found[6];
  if (!isItem || from - row.from < found[0].length) return false;
  if (empty && row.text.slice(found[0].length).trim() === "") {
    const outer = found[1].length >= 2 ? { from: row.from, to: row.from + Math.min(found[1].length, found[6] ? 3 : 2) } : { from: row.from, to: row.to };
    view.dispatch({ changes: outer, userEvent: "input" });
    return true;
  }
  const insert = `\n${nextPrefix(found)}`;
  view.dispatch({
    changes: [{ from, to, insert }, ...(found[6] ? renumber(state, state.doc.lineAt(to), Number(found[6]) + 1, found) : [])],
    selection: { anchor: from + insert.length },
    userEvent: "input",
    scrollIntoView: true,
  });
  return true;
}

/** The numbers below a new item move on by one, as long as they counted on. */
function renumber(state, above, last, [, indent, , , , , , delimiter]) {
  const changes = [];
  let number = last;
  for (let at = above.number + 1; at <= state.doc.lines; at += 1) {
    const row = state.doc.line(at);
    const found = PREFIX.exec(row.text);
    if (found[1].length > indent.length && row.text.trim()) continue;
    if (found[1] !== indent || found[7] !== delimiter || Number(found[6]) !== number) break;
    const start = row.from + indent.length;
    number += 1;
    changes.push({ from: start, to: start + found[6].length, insert: String(number) });
  }
  return changes;
}

function nextPrefix([, indent, , quote, bullet, task, number, delimiter]) {
  if (quote) return `${indent}> `;
  if (bullet) return `${indent}${bullet} ${task ? "[ ] " : ""}`;
  return `${indent}${Number(number) + 1}${delimiter} `;
}

/** Tick or untick the checklist items of the selected lines. */
export function tick(view) {
  const { state } = view;
  const boxes = selectedRows(state).flatMap((row) => {
    const found = /^\s*[-*+] \[([ xX])\]/.exec(row.text);
    return found ? [{ at: row.from + found[0].length - 2, isTicked: found[1] !== " " }] : [];
  });
  if (state.readOnly || !boxes.length) return false;
  const insert = boxes.every((box) => box.isTicked) ? " " : "x";
  view.dispatch({ changes: boxes.map(({ at }) => ({ from: at, to: at + 1, insert })), userEvent: "input.check" });
  return true;
}
