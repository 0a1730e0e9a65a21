// Words of a live text that somebody talks about: kept as Yjs relative positions, so that they move with the words.
import { Y } from "../../vendor/editor.js";

const AROUND = 60;

/**
 * The anchor of the words between two places: {start, end, epoch}. It holds on to the first and to the last letter,
 * so that what is typed at either edge stays outside, and what is typed between belongs to it.
 */
export function anchorOf({ body, epoch }, from, to) {
  const hold = (at, side) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(body, at, side));
  return { start: hold(from, 0), end: hold(to, -1), epoch };
}

/** The words themselves and some around them, by which they are found when their history was replaced. */
export function quoteOf(text, from, to) {
  return { quote: text.slice(from, to), before: text.slice(Math.max(0, from - AROUND), from), after: text.slice(to, to + AROUND) };
}

/** What begins an item, a quote or a heading, where a selection begins with it. */
const PREFIX = /^\s*(?:(?:#{1,6}|>|[-*+](?: \[[ xX]\])?|\d{1,9}[.)]) )?\s*/;

/** The selected words without white space around them and the mark of their line, or null when there are none. */
export function wordsIn(text, from, to) {
  const isWhole = from === 0 || text[from - 1] === "\n";
  const words = text.slice(from, to);
  const start = from + (isWhole ? PREFIX : /^\s*/).exec(words)[0].length;
  const end = from + words.trimEnd().length;
  return start < end ? { from: start, to: end } : null;
}

/**
 * Where the words stand now: {from, to}, or null when they are gone. An anchor counts only in the history it was made
 * in; otherwise the quote is looked for, where what stands around it fits best.
 */
export function placeOf(live, { anchor, quote, before = "", after = "" }) {
  if (anchor && anchor.epoch === live.epoch) {
    const from = position(live, anchor.start);
    const to = position(live, anchor.end);
    if (from !== null && to !== null) return whole(live.body.toString(), from, to, quote) ?? (from < to ? { from, to } : null);
  }
  return search(live.body.toString(), quote, before, after);
}

/** Letters that somebody's undo brought back are new ones beside the anchor: they belong to it if they complete it. */
function whole(text, from, to, quote) {
  const { length } = quote;
  if (!length || to - from >= length) return null;
  if (to >= length && text.slice(to - length, to) === quote) return { from: to - length, to };
  return text.slice(from, from + length) === quote ? { from, to: from + length } : null;
}

/**
 * Null for letters not known here; whoever wrote the anchor may have written anything. What an undo brought back is
 * known to the browser of the undoer alone, so nobody follows it: all see the same place.
 */
function position({ doc, body }, json) {
  try {
    const place = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), doc, false);
    return place?.type === body ? place.index : null;
  } catch {
    return null;
  }
}

function search(text, quote, before, after) {
  let best = null;
  let most = -1;
  if (!quote) return best;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    const to = at + quote.length;
    const fits = shared([...before].reverse(), [...text.slice(Math.max(0, at - before.length), at)].reverse()) + shared(after, text.slice(to));
    if (fits > most) [most, best] = [fits, { from: at, to }];
  }
  return best;
}

/** How many letters two beginnings share. */
function shared(one, other) {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}
