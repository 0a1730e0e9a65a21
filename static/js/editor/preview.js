// Live preview: Markdown looks as it will be read, and shows its marks only on lines one is editing.
import { Decoration, ViewPlugin, WidgetType, syntaxTree, EditorView } from "../../vendor/editor.js";

const hidden = Decoration.replace({});
const mark = (name) => Decoration.mark({ class: `md-${name}` });
const line = (name) => Decoration.line({ class: `md-${name}` });
const marks = { StrongEmphasis: mark("strong"), Emphasis: mark("em"), InlineCode: mark("code"), Link: mark("link") };
const lines = { ATXHeading1: "h1", ATXHeading2: "h2", ATXHeading3: "h3", ATXHeading4: "h4", ATXHeading5: "h4", ATXHeading6: "h4" };
const quoteLine = line("quote");
const codeLine = line("codeblock");
const ruleLine = line("rule");
const soft = mark("mark");
const done = mark("done");
const itemLines = [1, 2, 3, 4, 5, 6].map((depth) => line(`li md-li-${depth}`));

const SAFE = /^(https?:|mailto:|tel:)/i;

/** The address of a link, when it is one that may be opened. */
export function safeAddress(words) {
  const address = words.trim();
  return SAFE.test(address) ? address : null;
}

class Bullet extends WidgetType {
  eq() {
    return true;
  }
  toDOM() {
    const dot = document.createElement("span");
    dot.className = "md-bullet";
    dot.textContent = "•";
    return dot;
  }
}

class Box extends WidgetType {
  constructor(checked, editable) {
    super();
    this.checked = checked;
    this.canTick = editable;
  }
  eq(other) {
    return other.checked === this.checked && other.canTick === this.canTick;
  }
  toDOM(view) {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "md-box";
    box.checked = this.checked;
    box.disabled = !this.canTick;
    box.setAttribute("aria-label", view.state.phrase("done"));
    box.addEventListener("mousedown", (event) => event.preventDefault());
    box.addEventListener("click", (event) => {
      event.preventDefault();
      toggleBox(view, view.posAtDOM(box));
    });
    return box;
  }
  ignoreEvent() {
    return true;
  }
}

/** Tick or untick the checklist item whose box stands at a position. */
export function toggleBox(view, at) {
  const text = view.state.doc.lineAt(at);
  const found = /\[([ xX])\]/.exec(text.text);
  if (!found || view.state.readOnly) return;
  const place = text.from + found.index + 1;
  view.dispatch({ changes: { from: place, to: place + 1, insert: found[1] === " " ? "x" : " " }, userEvent: "input.check" });
}

const bullet = Decoration.replace({ widget: new Bullet() });

function build(view) {
  const found = [];
  const add = (from, to, decoration) => found.push(decoration.range(from, to));
  const { doc } = view.state;
  const editable = !view.state.readOnly;
  const edited = editedLines(view, editable);
  const isEdited = (at) => edited.has(doc.lineAt(at).number);
  const hide = (from, to) => {
    if (to > from) add(from, to, isEdited(from) ? soft : hidden);
  };
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        const { name } = node;
        if (marks[name]) add(node.from, node.to, marks[name]);
        if (lines[name]) add(doc.lineAt(node.from).from, doc.lineAt(node.from).from, line(lines[name]));
        if (name === "HeaderMark") hide(node.from, Math.min(node.to + 1, doc.lineAt(node.from).to));
        else if (name === "EmphasisMark" || name === "CodeMark" || name === "LinkMark" || name === "URL") hide(node.from, node.to);
        else if (name === "QuoteMark") {
          const start = doc.lineAt(node.from).from;
          if (start === node.from) add(start, start, quoteLine);
          hide(node.from, doc.sliceString(node.to, node.to + 1) === " " ? node.to + 1 : node.to);
        } else if (name === "HorizontalRule") add(doc.lineAt(node.from).from, doc.lineAt(node.from).from, ruleLine);
        else if (name === "FencedCode") {
          for (let at = node.from; at <= node.to; at = doc.lineAt(at).to + 1) add(doc.lineAt(at).from, doc.lineAt(at).from, codeLine);
        } else if (name === "ListMark") item(node);
        else if (name === "TaskMarker") task(node);
      },
    });
  }

  function item(node) {
    const row = doc.lineAt(node.from);
    let depth = 0;
    for (let above = node.node.parent; above; above = above.parent) if (above.name === "ListItem") depth += 1;
    add(row.from, row.from, itemLines[Math.min(depth, 6) - 1] ?? itemLines[0]);
    const isTask = node.node.nextSibling?.name === "Task";
    const after = Math.min(node.to + 1, row.to);
    if (edited.has(row.number)) {
      add(node.from, node.to, soft);
      return;
    }
    if (node.from > row.from) add(row.from, node.from, hidden);
    if (isTask) add(node.from, after, hidden);
    else if (node.node.parent?.parent?.name === "BulletList") add(node.from, after, bullet);
    else add(node.from, node.to, mark("number"));
  }

  function task(node) {
    const checked = doc.sliceString(node.from + 1, node.from + 2) !== " ";
    add(node.from, node.to, Decoration.replace({ widget: new Box(checked, editable) }));
    const end = doc.lineAt(node.to).to;
    if (checked && end > node.to + 1) add(node.to + 1, end, done);
  }

  return Decoration.set(found, true);
}

/** Lines under a selection, while the editor has the focus and may be written in. */
function editedLines(view, editable) {
  const numbers = new Set();
  if (!editable || !view.hasFocus) return numbers;
  for (const range of view.state.selection.ranges) {
    const last = view.state.doc.lineAt(range.to).number;
    for (let number = view.state.doc.lineAt(range.from).number; number <= last; number += 1) numbers.add(number);
  }
  return numbers;
}

const plugin = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.tree = syntaxTree(view.state);
      this.decorations = build(view);
    }
    update(update) {
      const tree = syntaxTree(update.state);
      // A composing input method owns its line: its marks are redrawn when it is done.
      if (update.view.composing && update.docChanged && tree === this.tree) {
        this.decorations = this.decorations.map(update.changes);
        return;
      }
      if (
        update.docChanged || update.viewportChanged || update.selectionSet || update.focusChanged ||
        tree !== this.tree || update.startState.readOnly !== update.state.readOnly
      ) {
        this.tree = tree;
        this.decorations = build(update.view);
      }
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Clicking a link opens it: plainly where its address is hidden, with Ctrl on a line one is editing. */
const links = EditorView.domEventHandlers({
  mousedown(event, view) {
    if (event.button !== 0 || !event.target.closest?.(".md-link")) return false;
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
    if (at === null) return false;
    const edited = editedLines(view, !view.state.readOnly).has(view.state.doc.lineAt(at).number);
    if (edited && !event.ctrlKey && !event.metaKey) return false;
    const address = addressAt(view.state, at);
    if (!address) return false;
    window.open(address, "_blank", "noopener,noreferrer");
    event.preventDefault();
    return true;
  },
});

function addressAt(state, at) {
  for (let node = syntaxTree(state).resolveInner(at, 1); node; node = node.parent) {
    if (node.name !== "Link") continue;
    const url = node.getChild("URL");
    return url ? safeAddress(state.doc.sliceString(url.from, url.to)) : null;
  }
  return null;
}

export const preview = [plugin, links];
