// One socket for one plan: joins the board, forwards what the server says, and comes back after a loss or sleep.
import { io } from "../../vendor/socket.js";

const ANSWER_WITHIN = 5000;
const ALIVE_WITHIN = 3000;
const SLEPT = 8000;
const LOOK_AGAIN = 20_000;
const OPENS_WITHIN = 5000;
const FORWARDED = [
  "doc.updated",
  "doc.cursor",
  "doc.reset",
  "board.people",
  "board.changed",
  "access.changed",
  "session.ended",
];

/**
 * Events: `joined` {revision, connection, people}, `present` (the same, when still there after sleep), `left`,
 * `away` (not reached), `signed-out`, `refused` {error}, and each server event by its name.
 */
export class PlanConnection extends EventTarget {
  #isClosed = false;
  #waiting = null;

  /** `user` is who this page was made for: nobody else's session may write from it. */
  constructor(plan, user) {
    super();
    this.plan = plan;
    this.user = user;
    this.joined = false;
    this.id = null;
    /** Ids of one's own lost connections: the server may take a while to notice that they are gone. */
    this.former = new Set();
    this.socket = io({
      query: { plan },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 4000,
      timeout: OPENS_WITHIN,
    });
    this.socket.on("connect", () => this.#join());
    this.socket.on("connect_error", (error) => this.#failed(error));
    this.socket.on("disconnect", () => this.#leave());
    this.socket.on("notices.changed", (detail) => document.dispatchEvent(new CustomEvent("notices-changed", { detail })));
    for (const name of FORWARDED) this.socket.on(name, (payload) => this.#tell(name, payload));
    this.#watchForSleep();
  }

  /** Send and await the acknowledgement. Rejects when not connected, or after five seconds. */
  request(event, payload, within = ANSWER_WITHIN) {
    if (!this.socket.connected) return Promise.reject(new Error("not connected"));
    return this.socket.timeout(within).emitWithAck(event, payload);
  }

  /** Send without an acknowledgement; dropped while not connected. */
  send(event, payload) {
    if (this.socket.connected) this.socket.volatile.emit(event, payload);
  }

  /** Hang up, and look now and then whether somebody signed in again. */
  pause() {
    this.socket.disconnect();
    clearInterval(this.#waiting);
    this.#waiting = setInterval(() => this.#look(), LOOK_AGAIN);
  }

  /** Hang up for good. */
  close() {
    this.#isClosed = true;
    clearInterval(this.#waiting);
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
    if (answer.retry_after_ms) {
      setTimeout(() => this.socket.connected && !this.joined && this.#join(), answer.retry_after_ms);
    } else if (answer.error) {
      this.#tell("refused", answer);
    } else if (answer.people.some((person) => person.connection === answer.connection && person.user !== this.user)) {
      this.pause();
      this.#tell("signed-out");
    } else {
      clearInterval(this.#waiting);
      this.#waiting = null;
      this.joined = true;
      if (this.id) this.former.add(this.id);
      this.id = answer.connection;
      this.#tell("joined", answer);
    }
  }

  #leave() {
    if (this.joined) {
      this.joined = false;
      this.#tell("left");
    }
  }

  #failed(error) {
    if (error.description === 401) {
      this.pause();
      this.#tell("signed-out");
      return;
    }
    // A proxy may let a WebSocket open and then starve it: from now on poll first, and move up when that works.
    Object.assign(this.socket.io.opts, { transports: ["polling", "websocket"], tryAllTransports: false });
    this.#tell("away");
  }

  #restart() {
    if (!this.#isClosed) this.socket.disconnect().connect();
  }

  #look() {
    if (!this.socket.connected) this.#restart();
  }

  /** What looks connected may be dead: an answer proves that it is not. */
  async #prove() {
    if (this.#isClosed) return;
    if (!this.joined) return void this.#look();
    try {
      const answer = await this.request("board.join", { plan: this.plan }, ALIVE_WITHIN);
      if (answer.error) this.#tell("refused", answer);
      else this.#tell("present", answer);
    } catch {
      if (this.joined) this.#restart();
    }
  }

  /** A clock that jumped means that the machine slept, or that the browser held back a page nobody looked at. */
  #watchForSleep() {
    let last = Date.now();
    setInterval(() => {
      const gap = Date.now() - last;
      last = Date.now();
      if (gap > SLEPT) this.#prove();
    }, 2000);
    addEventListener("online", () => this.#prove());
    addEventListener("offline", () => this.socket.io.engine?.close());
    addEventListener("focus", () => this.#waiting && this.#look());
    document.addEventListener("visibilitychange", () => !document.hidden && this.#prove());
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
