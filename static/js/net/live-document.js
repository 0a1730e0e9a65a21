// A live document as the wire protocol has it: opened, edited with one update in flight, kept in step, mended.
import { Y } from "../../vendor/editor.js";
import { fromBase64, toBase64 } from "./base64.js";
import { pieces } from "./pieces.js";
import { Received } from "./received.js";

const REMOTE = Symbol("remote");
const GATHER = 50;
const HOLE_LASTS = 1000;
const QUIET = 2000;
const CURSOR_EVERY = 120;
const GATHERED = 12 * 1024;
const OPEN_AGAIN = 2000;
const FOR_LATER = new Set(["busy", "unavailable"]);
const NOT_FOR_ME = new Set(["hidden", "forbidden"]);

/**
 * Events: `status`, `opened`, `lost` (the connection), `replaced` (a new Y.Doc: bind again), `draft` {text, reason},
 * `damaged` (whether; it is read-only then), `access`, `withdrawn` {text} (one wrote here, and may no longer), `caret` {by, anchor, head}, `changed` {by}.
 */
export class LiveDocument extends EventTarget {
  #connection;
  #unsent = [];
  #inFlight = null;
  #buffer = null;
  #timers = {};
  #received = new Received();
  #listening = new AbortController();
  #cursorAt = 0;

  constructor(connection, id) {
    super();
    this.#connection = connection;
    this.id = id;
    this.epoch = null;
    this.isOpen = false;
    this.isRefused = false;
    this.canEdit = false;
    this.hasWritten = false;
    this.alone = true;
    this.#begin();
    const { signal } = this.#listening;
    const on = (name, handler) => connection.addEventListener(name, handler, { signal });
    on("joined", () => this.open());
    on("left", () => this.#lost());
    on("doc.updated", ({ detail }) => detail.doc === id && this.#take(detail));
    on("doc.cursor", ({ detail }) => detail.doc === id && this.#tell("caret", detail));
    on("doc.reset", ({ detail }) => detail.doc === id && this.#reset("reset"));
    on("access.changed", ({ detail }) => this.#access(detail));
    if (connection.joined) this.open();
  }

  get text() {
    return this.body.toString();
  }

  get seq() {
    return this.#received.seq;
  }

  /** How many gathered changes the server has not acknowledged. */
  get waiting() {
    return this.#unsent.length + (this.#inFlight ? 1 : 0);
  }

  /** In step with the server, or turned away by it for good. */
  get isSettled() {
    return this.isOpen || this.isRefused;
  }

  /** Open, or come back into step with what is held. */
  async open() {
    if (this.#buffer || !this.#connection.joined) return;
    this.#buffer = [];
    this.isOpen = false;
    const doc = this.doc;
    let answer;
    try {
      answer = await this.#connection.request("doc.open", {
        doc: this.id,
        client_ids: [doc.clientID],
        state_vector: toBase64(Y.encodeStateVector(doc)),
        ...(this.epoch === null ? {} : { epoch: this.epoch }),
      });
    } catch {
      answer = { error: "unavailable" };
    }
    const buffered = this.#buffer;
    this.#buffer = null;
    if (doc !== this.doc) return void this.open();
    if (answer.error) return void this.#notOpened(answer);
    if (this.epoch !== null && answer.epoch !== this.epoch) return void this.#reset("stale_epoch");
    this.#opened(answer, buffered);
  }

  /** Show one's caret to the others; null takes it away. */
  sendCursor(anchor, head) {
    clearTimeout(this.#timers.cursor);
    const wait = this.#cursorAt + CURSOR_EVERY - Date.now();
    if (wait > 0) {
      this.#timers.cursor = setTimeout(() => this.sendCursor(anchor, head), wait);
      return;
    }
    this.#cursorAt = Date.now();
    if (this.isOpen) this.#connection.send("doc.cursor", { doc: this.id, anchor, head });
  }

  close() {
    this.#listening.abort();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#connection.send("doc.close", { doc: this.id });
  }

  #begin() {
    this.doc = new Y.Doc();
    this.body = this.doc.getText("body");
    this.doc.on("update", (update, origin) => {
      if (origin === REMOTE) return;
      this.hasWritten = true;
      this.#unsent.push(...pieces(update));
      this.#status();
      this.#soon();
    });
  }

  #opened(answer, buffered) {
    this.epoch = answer.epoch;
    this.#received = new Received(answer.seq);
    Y.applyUpdate(this.doc, fromBase64(answer.update), REMOTE);
    this.canEdit = answer.can_edit;
    this.isOpen = true;
    this.isRefused = false;
    for (const update of buffered) this.#take(update);
    for (const caret of answer.cursors) this.#tell("caret", caret);
    if (this.#inFlight) {
      // Whether it was committed is not known: sent again, it is stored once.
      this.#unsent.unshift(this.#inFlight);
      this.#inFlight = null;
    }
    this.#tell("opened");
    this.#tell("damaged", answer.damaged === true);
    this.#status();
    this.#pump();
    this.#checkSoon();
  }

  #notOpened({ error, retry_after_ms: wait }) {
    if (FOR_LATER.has(error)) {
      this.#after("open", wait ?? 700, () => this.open());
    } else if (NOT_FOR_ME.has(error)) {
      this.isRefused = true;
      this.canEdit = false;
      this.#keepDraft(error);
      this.#tell("access");
      this.#status();
    } else {
      // An id that became somebody else's, or words that cannot be understood: begin with a new id.
      this.#reset(error, OPEN_AGAIN);
    }
  }

  #lost() {
    this.isOpen = false;
    this.#buffer = null;
    this.#tell("lost");
    this.#status();
  }

  #take(payload) {
    if (this.#buffer) {
      this.#buffer.push(payload);
      return;
    }
    Y.applyUpdate(this.doc, fromBase64(payload.update), REMOTE);
    this.#arrived(payload.since, payload.seq);
    this.#tell("changed", payload);
    this.#checkSoon();
  }

  #arrived(since, seq) {
    this.#received.add(since, seq);
    if (!this.#received.hasHole) clearTimeout(this.#timers.hole);
    else this.#after("hole", HOLE_LASTS, () => this.#received.hasHole && !this.#inFlight && this.open());
  }

  #soon() {
    if (this.alone) queueMicrotask(() => this.#pump());
    else if (!this.#timers.gather) {
      this.#timers.gather = setTimeout(() => {
        this.#timers.gather = null;
        this.#pump();
      }, GATHER);
    }
  }

  async #pump() {
    if (!this.isOpen || this.#inFlight || !this.#unsent.length) return;
    this.#inFlight = this.#gather();
    this.#status();
    await this.#deliver(this.doc, this.#inFlight);
  }

  /** As many waiting updates as fit into one, in their order. */
  #gather() {
    let size = 0;
    let count = 0;
    while (count < this.#unsent.length && (count === 0 || size + this.#unsent[count].length < GATHERED)) {
      size += this.#unsent[count].length;
      count += 1;
    }
    const taken = this.#unsent.splice(0, count);
    return count === 1 ? taken[0] : Y.mergeUpdates(taken);
  }

  async #deliver(doc, update) {
    const payload = { doc: this.id, epoch: this.epoch, update: toBase64(update) };
    while (this.isOpen && this.doc === doc && this.#inFlight === update) {
      const answer = await this.#connection.request("doc.edit", payload).catch(() => ({ error: "silence" }));
      if (this.doc !== doc || this.#inFlight !== update) return;
      if (!answer.error) return void this.#acknowledged(answer);
      if (answer.error === "silence") continue;
      if (!FOR_LATER.has(answer.error)) return void this.#reset(answer.error);
      await new Promise((done) => setTimeout(done, answer.retry_after_ms ?? 500));
    }
  }

  #acknowledged(answer) {
    this.#inFlight = null;
    if (!answer.duplicate) this.#arrived(answer.seq - 1, answer.seq);
    this.#status();
    this.#checkSoon();
    this.#pump();
  }

  /** The history here is of no use any more: keep unsent words as a draft, and open a new one. */
  #reset(reason, wait = 0) {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#timers = {};
    this.#keepDraft(reason);
    this.epoch = null;
    this.isOpen = false;
    this.doc.destroy();
    this.#begin();
    this.#tell("replaced");
    this.#status();
    if (wait) this.#after("open", wait, () => this.open());
    else this.open();
  }

  /** What was not sent is shown as a draft, and waits no more. */
  #keepDraft(reason) {
    if (this.waiting) this.#tell("draft", { text: this.text, reason });
    this.#unsent = [];
    this.#inFlight = null;
  }

  #access(detail) {
    if (detail.doc !== undefined && detail.doc !== this.id) return;
    const before = this.canEdit;
    this.canEdit = detail.can_edit;
    if (this.canEdit && !this.isOpen) this.open();
    this.#tell("access");
    if (before && !this.canEdit && this.hasWritten && !this.waiting) this.#tell("withdrawn", { text: this.text });
  }

  #checkSoon() {
    this.#after("check", QUIET, async () => {
      if (!this.isOpen || this.waiting || this.#received.hasHole || !globalThis.crypto?.subtle) return;
      const { doc, seq, text } = this;
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
      const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      if (this.doc !== doc || this.seq !== seq || this.waiting) return;
      this.#connection.request("doc.check", { doc: this.id, seq, sha256 }).catch(() => null);
    });
  }

  #after(name, delay, action) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(action, delay);
  }

  #status() {
    this.#tell("status");
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
