// One transaction that changes a text all over, as the browser would send it: the text before, then its pieces.
import { Y } from "../../static/vendor/editor.js";
import { pieces } from "../../static/js/net/pieces.js";

const [words, client] = [process.argv[2], Number(process.argv[3])];
const doc = new Y.Doc();
doc.clientID = client;
const body = doc.getText("body");
const made = [];
doc.on("update", (update) => made.push(update));
body.insert(0, words);
doc.transact(() => {
  for (let at = words.length - 1; at >= 0; at -= 2) {
    body.delete(at, 1);
    body.insert(at, "😀é");
  }
});
const encode = (bytes) => Buffer.from(bytes).toString("base64");
console.log(JSON.stringify({ text: body.toString(), updates: made.flatMap(pieces).map(encode), whole: encode(made[1]) }));
