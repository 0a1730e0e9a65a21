// Live preview: Markdown looks as it will be read, and shows its marks only on lines one is editing.
import { Decoration, StateEffect, ViewPlugin, WidgetType, syntaxTree } from "../../vendor/editor.js";
import { openingLinks } from "./links.js";

const hidden = Decoration.replace({});
const mark = (name) => Decoration.mark({ class: `md-${name}` });
const line = (name) => Decoration.line({ class: `md-${name}` });
const inlines = { StrongEmphasis: mark("strong"), Emphasis: mark("em"), InlineCode: mark("code"), Link: mark("link") };
const [title, subtitle, smallest] = ["h3", "h4", "h5"].map(line);
const headings = { ATXHeading1: title, ATXHeading2: title, ATXHeading3: subtitle, ATXHeading4: smallest, ATXHeading5: smallest, ATXHeading6: smallest };
const quoteLine = line("quote");
const codeLine = line("codeblock");
const ruleLine = line("rule");
const soft = mark("mark");
const listMark = mark("mark md-listmark");
const number = mark("number md-listmark");
const blank = line("blank");
const done = mark("done");
const itemLines = [1, 2, 3, 4, 5, 6].map((depth) => line(`li md-li-${depth}`));

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
    for (let row = doc.lineAt(from); doc.length; row = doc.line(row.number + 1)) {
      if (!row.text.trim() && !edited.has(row.number)) add(row.from, row.from, blank);
      if (row.to >= to) break;
    }
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        const { name } = node;
        if (inlines[name]) add(node.from, node.to, inlines[name]);
        if (headings[name]) add(doc.lineAt(node.from).from, doc.lineAt(node.from).from, headings[name]);
        if (name === "HeaderMark") hide(node.from, Math.min(node.to + 1, doc.lineAt(node.from).to));
        else if (name === "EmphasisMark" || name === "CodeMark" || name === "LinkMark" || name === "URL" || name === "LinkTitle") hide(node.from, node.to);
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
      add(node.from, after, listMark);
      return;
    }
    if (node.from > row.from) add(row.from, node.from, hidden);
    if (isTask) add(node.from, after, hidden);
    else if (node.node.parent?.parent?.name === "BulletList") add(node.from, after, bullet);
    else add(node.from, after, number);
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

const released = StateEffect.define();

const plugin = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.tree = syntaxTree(view.state);
      this.isPressed = false;
      this.decorations = build(view);
    }
    update(update) {
      const tree = syntaxTree(update.state);
      // A composing input method owns its line: its marks are redrawn when it is done. And while the pointer is
      // down nothing may move under it, or a click would become a selection.
      const isHeld = (update.view.composing && update.docChanged && tree === this.tree) || this.isPressed;
      if (isHeld) {
        this.decorations = this.decorations.map(update.changes);
        return;
      }
      const isReleased = update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(released)));
      if (
        update.docChanged || update.viewportChanged || update.selectionSet || update.focusChanged || isReleased ||
        tree !== this.tree || update.startState.readOnly !== update.state.readOnly
      ) {
        this.tree = tree;
        this.decorations = build(update.view);
      }
    }
    press(view) {
      this.isPressed = true;
      const release = () => {
        removeEventListener("mouseup", release, true);
        removeEventListener("dragend", release, true);
        this.isPressed = false;
        // After the editor has heard of it too.
        setTimeout(() => view.dom.isConnected && view.dispatch({ effects: released.of(null) }));
      };
      addEventListener("mouseup", release, true);
      addEventListener("dragend", release, true);
    }
  },
  {
    decorations: (plugin) => plugin.decorations,
    eventHandlers: {
      mousedown(event, view) {
        if (event.button === 0) this.press(view);
      },
    },
  },
);

const isPlain = (view, at) => !editedLines(view, !view.state.readOnly).has(view.state.doc.lineAt(at).number);

export const preview = [plugin, openingLinks(isPlain)];
