// The check of patients' texts: asked anew when typing rests, marked gently in the text. Loaded when one is written.
import { Decoration, EditorView, StateEffect, StateField } from "../../vendor/editor.js";
import { refresh } from "../net/fragments.js";

const RESTS = 1200;
const showNotes = StateEffect.define();
const waiting = new Map();

const field = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(showNotes)) return effect.value;
    return marks.map(transaction.changes);
  },
  provide: (self) => EditorView.decorations.from(self),
});

const checkOf = (editor) => document.getElementById(`fragment-check-${editor.dataset.doc}`);
const editorOf = (check) => document.querySelector(`section-editor[data-doc="${check.id.split("-").at(-1)}"]`);

/** Mark what the list below a text says, where the words still stand. */
function draw(editor) {
  const { view } = editor;
  const notes = checkOf(editor)?.querySelectorAll("[data-note]");
  if (!view || !notes) return;
  const marks = [];
  for (const [number, { dataset }] of [...notes].entries()) {
    const [from, to] = [Number(dataset.from), Number(dataset.to)];
    if (to > view.state.doc.length || view.state.sliceDoc(from, to) !== dataset.words) continue;
    marks.push(Decoration.mark({ class: `plainer plainer-${dataset.kind}`, attributes: { title: dataset.says }, number }).range(from, to));
  }
  const effects = [showNotes.of(Decoration.set(marks, true))];
  if (!view.state.field(field, false)) effects.unshift(StateEffect.appendConfig.of(field));
  view.dispatch({ effects });
}

/** Ask again once nobody has typed for a while and all of it is saved. */
function later(board, editor) {
  clearTimeout(waiting.get(editor));
  waiting.set(editor, setTimeout(() => {
    if (editor.live?.waiting) later(board, editor);
    else look(board, editor);
  }, RESTS));
}

async function look(board, editor) {
  if (!checkOf(editor)) return;
  await refresh(board.dataset.fragmentsUrl, [`check-${editor.dataset.doc}`]);
  draw(editor);
}

/** Where a note's words stand by now, or null. */
function placeOf(view, note) {
  const number = [...note.parentElement.children].indexOf(note);
  let found = null;
  view.state.field(field, false)?.between(0, view.state.doc.length, (from, to, mark) => {
    if (mark.spec.number === number) found = { from, to };
  });
  return found;
}

function act(button, note, editor) {
  const { view, live } = editor;
  const place = view && placeOf(view, note);
  if (!place) return void look(editor.closest("plan-board"), editor);
  const { from, to } = place;
  const { instead } = button.dataset;
  if (instead && live.canEdit) {
    const isFirst = /^\p{Lu}\p{Ll}/u.test(view.state.sliceDoc(from, to));
    const insert = isFirst ? instead[0].toUpperCase() + instead.slice(1) : instead;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from, head: from + insert.length }, userEvent: "input.plainer", scrollIntoView: true });
  } else view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
  view.focus();
}

/** Look after the patients' texts of a board; the shown one at once. */
export function watch(board) {
  const editors = board.editors.filter(({ kind }) => kind === "plain");
  const isOurs = (editor) => editors.includes(editor);
  board.addEventListener("document-edited", ({ target }) => isOurs(target) && later(board, target));
  board.addEventListener("document-opened", ({ target }) => isOurs(target) && draw(target));
  board.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-find-note], [data-instead]");
    const note = button?.closest("[data-note]");
    if (note) act(button, note, editorOf(note.closest(".check")));
  });
  for (const editor of editors) look(board, editor);
}
