// What becomes of the words "empty crate" when one thing is done to the text around them: a name and the words then.
import { anchorOf, placeOf, quoteOf, wordsIn } from "../../static/js/editor/anchors.js";
import { Y } from "../../static/vendor/editor.js";

const TEXT = "Lift an empty crate, then an empty box. Rest.";
const [FROM, TO] = [8, 19];

function live(text = TEXT, client = 1) {
  const doc = new Y.Doc();
  const made = [];
  doc.on("update", (update) => made.push(update));
  doc.clientID = client;
  const body = doc.getText("body");
  body.insert(0, text);
  return { doc, body, epoch: 1, made };
}

function words(own, thread) {
  const place = placeOf(own, thread);
  return place && own.body.toString().slice(place.from, place.to);
}

function after(change) {
  const own = live();
  const thread = { anchor: JSON.parse(JSON.stringify(anchorOf(own, FROM, TO))), ...quoteOf(TEXT, FROM, TO) };
  change(own, thread);
  return words(own, thread);
}

const cases = {
  untouched: after(() => null),
  typedBefore: after(({ body }) => body.insert(FROM, "very ")),
  typedAfter: after(({ body }) => body.insert(TO, "s of wood")),
  typedInside: after(({ body }) => body.insert(FROM + 5, " wooden")),
  pastedAtTheTop: after(({ body }) => body.insert(0, "😀 ".repeat(200))),
  firstLettersGone: after(({ body }) => body.delete(FROM, 6)),
  acrossTheEnd: after(({ body }) => body.delete(TO - 6, 12)),
  allGone: after(({ body }) => body.delete(FROM - 3, TO - FROM + 6)),
  typedOver: after(({ body }) => (body.delete(FROM, TO - FROM), body.insert(FROM, "full crate"))),
  broughtBack: after(({ body }) => {
    const undo = new Y.UndoManager(body);
    body.delete(FROM, TO - FROM);
    undo.undo();
  }),
  broughtBackByAnother: after((own) => {
    const other = live("", 2);
    other.made.length = 0;
    for (const update of own.made) Y.applyUpdate(other.doc, update);
    const undo = new Y.UndoManager(other.body);
    other.body.delete(FROM - 4, TO - FROM + 2);
    undo.undo();
    for (const update of other.made) Y.applyUpdate(own.doc, update);
  }),
  otherHistory: after((own) => Object.assign(own, live(`Anew. ${TEXT}`, 1), { epoch: 2 })),
  otherHistoryWithoutThem: after((own) => Object.assign(own, live("Nothing of it.", 1), { epoch: 2 })),
  neverAnchored: after((own, thread) => (thread.anchor = null)),
  nonsense: after((own, thread) => (thread.anchor = { start: { item: "x" }, end: [], epoch: 1 })),
  lettersFromElsewhere: after((own, thread) => (thread.anchor = { ...anchorOf(live(TEXT, 99), 0, 4), epoch: 1 })),
  secondOfTwo: (() => {
    const own = live("no pain. no pain. no pain.");
    const place = placeOf(own, { anchor: null, quote: "no pain", before: "no pain. ", after: ". no pain." });
    return place.from;
  })(),
  spacesAround: wordsIn("  a b \n", 0, 7),
  onlySpaces: wordsIn("  \n", 0, 3),
};
console.log(JSON.stringify(cases));
