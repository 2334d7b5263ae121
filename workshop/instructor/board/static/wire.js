// One client of the room, as netlib/PROTOCOL.md describes the wire: it joins, keeps a copy of the state, and
// comes back when the connection is lost. It offers no subprotocol, so the frames are JSON.

const PROTOCOL = 1;
const PING_MS = 500;
const ACK_MS = 200;
const SILENCE_MS = 10_000; // a connection that says nothing for so long is dead
const LONGEST_PAUSE_MS = 4_000;
const REQUEST_MS = 10_000;
const FINAL_CODES = new Set([1000, 1002, 1003, 1007, 1008, 1009, 1010, 4001]);

/** A secret that nobody can guess. `crypto.randomUUID` is missing where a page has no TLS. */
function secret() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Room {
  /**
   * @param {{name: string, spectator?: boolean, password?: string}} hello how to join
   *
   * Calls what `on` was given: "welcome" (frame), "snapshot" (frame), "lost" (words, milliseconds until the next
   * try), "refused" (code, words), "over" (words), and each other type of frame by its name.
   */
  constructor({ name, spectator = false, password = "" }) {
    Object.assign(this, { name, spectator, password });
    this.nonce = secret();
    this.token = "";
    this.playerId = 0;
    this.state = {};
    this.tick = -1;
    this.tickRate = 30;
    this.rtt = 0; // milliseconds
    this.listeners = new Map();
    this.asked = new Map();
    this.lastRequest = 0;
    this.tries = 0;
    this.offsets = []; // [when, seconds between our clock and the server's]
    document.addEventListener("visibilitychange", () => this.wakeUp());
  }

  on(type, listener) {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    return this;
  }

  /** Connect, and go on connecting until `leave`. */
  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.left = false;
    this.refusal = "";
    this.heardAt = performance.now();
    const socket = new WebSocket(`${scheme}://${location.host}/`);
    this.socket = socket;
    socket.onopen = () => this.sayHello();
    socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && this.closed(event.code, event.reason);
    this.timers = [
      setInterval(() => this.ping(), PING_MS),
      setInterval(() => this.acknowledge(), ACK_MS),
    ];
  }

  leave() {
    this.left = true;
    this.socket?.close(1000);
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN && this.playerId > 0;
  }

  send(frame) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Send a message that wants an answer. Rejects with an Error whose message is for people. */
  request(body) {
    if (!this.isOpen) return Promise.reject(new Error("There is no connection to the room now."));
    const id = ++this.lastRequest;
    this.send({ type: "request", id, body });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.reply({ id, code: "timeout", message: "No answer came." }), REQUEST_MS);
      this.asked.set(id, { resolve, reject, timer });
    });
  }

  /** The room's time in seconds: the tick's time, and what has passed since. Smooth, and never ahead. */
  time() {
    const offset = Math.min(...this.offsets.map(([, seconds]) => seconds));
    return performance.now() / 1000 - offset;
  }

  // What follows is ours.

  emit(type, ...values) {
    for (const listener of this.listeners.get(type) ?? []) listener(...values);
  }

  sayHello() {
    const hello = { type: "hello", protocol: PROTOCOL, name: this.name, nonce: this.nonce };
    if (this.spectator) hello.spectator = true;
    if (this.password) hello.password = this.password;
    if (this.token) hello.resume = this.token;
    this.send(hello);
  }

  hear(frame) {
    this.heardAt = performance.now();
    switch (frame.type) {
      case "welcome":
        return this.welcome(frame);
      case "refused":
        this.refusal = frame.message;
        return this.emit("refused", frame.code, frame.message);
      case "snapshot":
        return this.take(frame);
      case "pong":
        this.rtt = performance.now() - frame.time * 1000;
        return undefined;
      case "reply":
        return this.reply(frame);
      case "request":
        return this.send({ type: "reply", id: frame.id, code: "unknown_type", message: "a page answers none" });
      default:
        return this.emit(frame.type, frame);
    }
  }

  welcome(frame) {
    this.token = frame.resume;
    this.playerId = frame.player_id;
    this.name = frame.name || this.name;
    this.tickRate = frame.tick_rate;
    this.tick = -1;
    this.tries = 0;
    this.offsets = [];
    this.emit("welcome", frame);
  }

  take(frame) {
    if (frame.full) {
      this.state = frame.state ?? {};
    } else if (frame.base !== this.tick) {
      this.send({ type: "ack", tick: 0 }); // it does not fit what we have: ask for everything
      return;
    } else {
      this.merge(frame);
    }
    this.tick = frame.tick;
    this.noteTime(frame.tick / this.tickRate);
    this.emit("snapshot", frame);
  }

  merge({ set = {}, gone = {} }) {
    for (const [name, ids] of Object.entries(gone)) {
      for (const id of ids) delete this.state[name]?.[id];
    }
    for (const [name, entities] of Object.entries(set)) {
      const known = (this.state[name] ??= {});
      for (const [id, fields] of Object.entries(entities)) known[id] = { ...known[id], ...fields };
    }
  }

  /** The smallest difference of late is that of the snapshot that travelled fastest. */
  noteTime(serverTime) {
    const now = performance.now() / 1000;
    this.offsets.push([now, now - serverTime]);
    while (this.offsets.length > 1 && this.offsets[0][0] < now - 3) this.offsets.shift();
  }

  ping() {
    if (performance.now() - this.heardAt > SILENCE_MS) return this.giveUp();
    if (this.isOpen) this.send({ type: "ping", time: performance.now() / 1000, rtt: Math.min(this.rtt / 1000, 60) });
    return undefined;
  }

  acknowledge() {
    if (this.isOpen && this.tick >= 0) this.send({ type: "ack", tick: this.tick });
  }

  /** A phone that slept has a socket that only looks alive. */
  wakeUp() {
    if (document.visibilityState === "visible" && performance.now() - this.heardAt > SILENCE_MS / 4) this.ping();
  }

  giveUp() {
    const socket = this.socket;
    this.closed(1006, "The room is silent.");
    socket.close();
  }

  closed(code, reason) {
    this.socket = undefined;
    this.timers.forEach(clearInterval);
    for (const id of [...this.asked.keys()]) this.reply({ id, code: "lost", message: "The connection was lost." });
    const words = this.refusal || reason || "The connection was lost.";
    if (this.left) return;
    if (FINAL_CODES.has(code)) {
      this.emit("over", words);
      return;
    }
    const longest = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.tries++);
    const pause = longest * (0.5 + Math.random() / 2);
    this.emit("lost", words, pause);
    setTimeout(() => this.left || this.open(), pause);
  }

  reply({ id, body, code, message }) {
    const asked = this.asked.get(id);
    if (!asked) return;
    this.asked.delete(id);
    clearTimeout(asked.timer);
    if (code) asked.reject(new Error(message || code));
    else asked.resolve(body);
  }
}
