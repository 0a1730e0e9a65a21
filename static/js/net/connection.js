// One socket for one plan: joins the board, forwards what the server says, and comes back after a loss or sleep.
import { io } from "../../vendor/socket.js";

const ANSWER_WITHIN = 5000;
const SLEPT = 8000;
const FORWARDED = [
  "doc.updated",
  "doc.cursor",
  "doc.reset",
  "board.people",
  "board.changed",
  "access.changed",
  "session.ended",
];

/** Events: `joined` {revision, connection, people}, `left`, `refused` {error}, and each server event by its name. */
export class PlanConnection extends EventTarget {
  constructor(plan) {
    super();
    this.plan = plan;
    this.joined = false;
    this.id = null;
    this.ended = false;
    this.socket = io({
      query: { plan },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 4000,
      timeout: 8000,
    });
    this.socket.on("connect", () => this.#join());
    this.socket.on("disconnect", () => this.#leave());
    for (const name of FORWARDED) this.socket.on(name, (payload) => this.#tell(name, payload));
    this.#watchForSleep();
  }

  /** Send and await the acknowledgement. Rejects when not connected, or after five seconds. */
  request(event, payload) {
    if (!this.socket.connected) return Promise.reject(new Error("not connected"));
    return this.socket.timeout(ANSWER_WITHIN).emitWithAck(event, payload);
  }

  /** Send without an acknowledgement; dropped while not connected. */
  send(event, payload) {
    if (this.socket.connected) this.socket.volatile.emit(event, payload);
  }

  close() {
    this.ended = true;
    this.socket.disconnect();
  }

  async #join() {
    let answer;
    try {
      answer = await this.request("board.join", { plan: this.plan });
    } catch {
      // Silence or a new loss: hang up, so that the socket tries again from the start.
      this.#restart();
      return;
    }
    if (answer.error) {
      this.#tell("refused", answer);
      return;
    }
    this.joined = true;
    this.id = answer.connection;
    this.#tell("joined", answer);
  }

  #leave() {
    if (this.joined) {
      this.joined = false;
      this.#tell("left");
    }
  }

  #restart() {
    if (this.ended) return;
    this.socket.disconnect().connect();
  }

  /** A clock that jumped means the machine slept: what looks connected may be dead. */
  #watchForSleep() {
    let last = Date.now();
    setInterval(() => {
      const gap = Date.now() - last;
      last = Date.now();
      if (gap > SLEPT) this.#restart();
    }, 2000);
    addEventListener("online", () => this.#restart());
    addEventListener("offline", () => this.socket.io.engine?.close());
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
