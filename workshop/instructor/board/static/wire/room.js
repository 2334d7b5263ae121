// One client of the room, as netlib/PROTOCOL.md describes the wire: it joins, keeps a copy of the state, and
// comes back when the connection is lost.

import { Connection } from "./connection.js";
import { Replica } from "./replica.js";
import { Requests } from "./requests.js";
import { RoomClock } from "./room_clock.js";

const PROTOCOL = 1; // the version that these scripts speak, whatever the server speaks

/** A secret that nobody can guess. A page without TLS has no `crypto.randomUUID`. */
function secret() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Room {
  /**
   * @param {{name: string, spectator?: boolean, password?: string}} hello how to join
   * @param {object} rules of the wire, from `/room.json`
   *
   * Calls the listeners given to `on`: "welcome" (frame), "snapshot" (frame), "lost" (words, seconds until the next
   * try), "refused" (code, words), "over" (words), and each other type of frame by its name.
   */
  constructor({ name, spectator = false, password = "" }, rules) {
    Object.assign(this, { name, spectator, password });
    this.nonce = secret();
    this.token = "";
    this.playerId = 0;
    this.tickRate = 0; // until the welcome
    this.rtt = 0; // seconds
    this.isHost = false;
    this.pausedBy = "";
    this.listeners = new Map();
    this.replica = new Replica();
    this.clock = new RoomClock();
    this.connection = new Connection(rules, this.owner(rules));
    this.requests = new Requests((frame) => this.send(frame), rules.request_timeout);
    document.addEventListener("visibilitychange", () => this.wakeUp(rules.idle_time / 4));
  }

  on(type, listener) {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
    return this;
  }

  /** Connect, and go on connecting until `leave`. */
  open() {
    this.connection.open();
  }

  leave() {
    this.connection.leave();
  }

  get isOpen() {
    return this.connection.isOpen && this.playerId > 0;
  }

  get state() {
    return this.replica.state;
  }

  get round() {
    return Object.values(this.state.round ?? {})[0];
  }

  send(frame) {
    this.connection.send(frame);
  }

  /** Send a message that wants an answer. Rejects with an Error whose message is for people. */
  request(body) {
    if (!this.isOpen) return Promise.reject(new Error("There is no connection to the room now."));
    return this.requests.ask(body);
  }

  /** The room's time in seconds: that of the newest tick, plus the time since. */
  time() {
    return this.clock.now();
  }

  /** The seconds until a tick; while the room is paused they stand still. */
  secondsUntil(tick) {
    return tick / this.tickRate - (this.pausedBy ? this.replica.tick / this.tickRate : this.time());
  }

  // What follows is ours.

  owner({ ping_interval, ack_interval }) {
    return {
      opened: () => this.sayHello(),
      heard: (frame) => this.hear(frame),
      closed: () => this.requests.lose(),
      lost: (words, pause) => this.emit("lost", words, pause),
      over: (words) => this.emit("over", words),
      beats: [[ping_interval, () => this.ping()], [ack_interval, () => this.acknowledge()]],
    };
  }

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
    switch (frame.type) {
      case "welcome":
        return this.welcome(frame);
      case "refused":
        return this.refused(frame);
      case "snapshot":
        return this.take(frame);
      case "room":
        return this.become(frame);
      case "pong":
        this.rtt = performance.now() / 1000 - frame.time;
        return undefined;
      case "reply":
        return this.requests.answered(frame);
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
    this.isHost = false; // until the room says otherwise
    this.pausedBy = "";
    this.connection.tries = 0;
    this.replica.beginAnew();
    this.clock.beginAnew();
    this.emit("welcome", frame);
  }

  refused({ code, message }) {
    this.connection.refusal = message;
    this.emit("refused", code, message);
  }

  take(frame) {
    if (!this.replica.take(frame)) {
      this.send({ type: "ack", tick: 0 }); // it does not fit what we have: ask for everything
      return;
    }
    this.clock.note(frame.tick / this.tickRate);
    this.emit("snapshot", frame);
  }

  /** The room says whether we are its host, and whether time stands still. */
  become(frame) {
    this.isHost = frame.host ?? false;
    this.pausedBy = frame.paused ? frame.by || "the host" : "";
    this.emit("room", frame);
  }

  ping() {
    if (!this.connection.checkAlive() || !this.isOpen) return;
    const rtt = Math.min(this.rtt, this.connection.rules.idle_time); // what takes longer counts as lost
    this.send({ type: "ping", time: performance.now() / 1000, rtt });
  }

  acknowledge() {
    if (this.isOpen && this.replica.tick >= 0) this.send({ type: "ack", tick: this.replica.tick });
  }

  /** A phone that slept has a socket that only looks alive. */
  wakeUp(silence) {
    if (document.visibilityState === "visible" && this.connection.silence > silence) this.ping();
  }
}
