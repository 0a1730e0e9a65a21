// Anchors among edits around, inside and across them, by two people who hear each other late. Where the words stand is
// counted letter by letter beside: arguments are a seed and a number of rounds; the answer is what was met.
import { anchorOf, placeOf, quoteOf } from "../../static/js/editor/anchors.js";
import { Y } from "../../static/vendor/editor.js";

const [seed, rounds] = process.argv.slice(2).map(Number);
let state = seed;

/** Whole numbers below a limit: mulberry32, so that a seed tells the whole story. */
function below(limit) {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
}

const WORDS = ["squats ", "é", "😀", "06:30 ", "\n- ", "hold at 2 kg", "x", "Ärger "];

function person(client) {
  const doc = new Y.Doc();
  doc.clientID = client;
  const own = { doc, body: doc.getText("body"), epoch: 1, unsent: [] };
  own.undo = new Y.UndoManager(own.body, { captureTimeout: 0 });
  doc.on("update", (update, origin) => origin !== "remote" && own.unsent.push(update));
  return own;
}

/** Every letter there ever was, in its place. */
function letters({ body }) {
  const found = [];
  for (let item = body._start; item !== null; item = item.right) {
    for (let n = 0; n < item.length; n += 1) found.push({ name: `${item.id.client}:${item.id.clock + n}`, isThere: !item.deleted });
  }
  return found;
}

/** The place counted by hand: from the first letter to the last one, as many as are there, or the words made whole. */
function counted(live, { first, last, quote }) {
  const all = letters(live);
  const there = (until) => all.slice(0, until).filter(({ isThere }) => isThere).length;
  const from = there(all.findIndex(({ name }) => name === first));
  const to = there(all.findIndex(({ name }) => name === last) + 1);
  const text = live.body.toString();
  for (const begin of [to - quote.length, from]) {
    const isQuote = begin >= 0 && text.slice(begin, begin + quote.length) === quote;
    if (to - from < quote.length && isQuote) return { from: begin, to: begin + quote.length };
  }
  return from < to ? { from, to } : null;
}

function anchored(live, from, to) {
  const there = letters(live).filter(({ isThere }) => isThere);
  const text = live.body.toString();
  return { anchor: anchorOf(live, from, to), ...quoteOf(text, from, to), first: there[from].name, last: there[to - 1].name };
}

/** An edit around, at an edge of, inside or across the words, or anywhere. */
function edit(live, place) {
  const { length } = live.body;
  const edges = place ? [place.from, place.to, place.from + below(place.to - place.from), Math.max(0, place.from - 2)] : [];
  const at = below(4) && edges.length ? edges[below(edges.length)] : below(length + 1);
  if (below(12) === 0) live.undo.undo();
  else if (below(3)) live.body.insert(Math.min(at, length), WORDS[below(WORDS.length)]);
  else if (length > at) live.body.delete(at, Math.min(length - at, 1 + below(below(6) ? 4 : 40)));
}

function send(from, to) {
  for (const update of from.unsent.splice(0)) Y.applyUpdate(to.doc, update, "remote");
}

function same(one, other, what) {
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(`${what}: ${JSON.stringify(one)} is not ${JSON.stringify(other)}`);
}

const met = { places: 0, moved: 0, gone: 0 };
for (let round = 0; round < rounds; round += 1) {
  const [dana, ravi] = [person(1), person(2)];
  dana.body.insert(0, "- Graded exposure: empty crate ×8, add 1 kg weekly\n- Hydrotherapy twice weekly 😀 from 1 Dec\n");
  send(dana, ravi);
  const threads = Array.from({ length: 4 }, () => {
    const from = below(dana.body.length - 1);
    return { ...anchored(dana, from, from + 1 + below(Math.min(20, dana.body.length - from - 1))), begins: from };
  });
  for (let step = 0; step < 25; step += 1) {
    const someone = below(2) ? dana : ravi;
    edit(someone, placeOf(someone, threads[below(threads.length)]));
    if (below(3) === 0) send(dana, ravi);
    if (below(3) === 0) send(ravi, dana);
    for (const live of [dana, ravi]) {
      for (const thread of threads) same(placeOf(live, thread), counted(live, thread), `seed ${seed}, round ${round}, step ${step}`);
    }
  }
  send(dana, ravi);
  send(ravi, dana);
  same(dana.body.toString(), ravi.body.toString(), "texts");
  for (const thread of threads) {
    const place = placeOf(dana, thread);
    same(place, placeOf(ravi, thread), "places");
    met.places += 1;
    if (place === null) met.gone += 1;
    else if (place.from !== thread.begins) met.moved += 1;
  }
}
console.log(JSON.stringify(met));
