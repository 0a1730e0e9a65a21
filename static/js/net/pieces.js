// Cuts an update of ours into several that follow each other: the server takes only so many parts at once.
import { Y, toUint8Array, writeVarUint } from "../../vendor/editor.js";

const MAX_PARTS = 500;
const SURELY_FEWER = 1000;

/** Updates of at most 500 structs or deleted ranges each, in their order; mostly the update itself. */
export function pieces(update) {
  if (update.length <= SURELY_FEWER) return [update];
  const { structs, ds } = Y.decodeUpdate(update);
  const ranges = [...ds.clients].flatMap(([client, found]) => found.map(({ clock, len }) => ({ client, clock, len })));
  if (structs.length + ranges.length <= MAX_PARTS) return [update];
  return [...chunks(structs).map((some) => write(some, [])), ...chunks(ranges).map((some) => write([], some))];
}

function chunks(parts) {
  return Array.from({ length: Math.ceil(parts.length / MAX_PARTS) }, (_, n) => parts.slice(n * MAX_PARTS, (n + 1) * MAX_PARTS));
}

function write(structs, ranges) {
  const encoder = new Y.UpdateEncoderV1();
  const out = encoder.restEncoder;
  const sections = groups(structs, ({ id }) => id.client);
  writeVarUint(out, sections.size);
  for (const [client, section] of sections) {
    for (const number of [section.length, client, section[0].id.clock]) writeVarUint(out, number);
    for (const struct of section) struct.write(encoder, 0);
  }
  const deleted = groups(ranges, ({ client }) => client);
  writeVarUint(out, deleted.size);
  for (const [client, found] of deleted) {
    for (const number of [client, found.length, ...found.flatMap(({ clock, len }) => [clock, len])]) writeVarUint(out, number);
  }
  return toUint8Array(out);
}

function groups(parts, key) {
  const found = new Map();
  for (const part of parts) {
    if (!found.has(key(part))) found.set(key(part), []);
    found.get(key(part)).push(part);
  }
  return found;
}
