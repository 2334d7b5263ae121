// A WebSocket to the room that reconnects by itself. It offers no subprotocol, so the frames are JSON.

const LOST = 1006; // the close code of a connection that was cut

export class Connection {
  /**
   * @param {object} rules of the wire, from `/room.json`; times are in seconds
   * @param {object} owner has callbacks: `opened()`, `heard(frame)`, `closed()`, then `lost(words, seconds until the
   * next try)` or `over(words)`; its `beats` are [seconds, callback], repeated while there is a socket
   */
  constructor(rules, owner) {
    Object.assign(this, { rules, owner });
    this.tries = 0;
    this.left = false;
    this.timers = [];
  }

  /** Connect, and go on connecting until `leave`. */
  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.left = false;
    this.refusal = "";
    this.heardAt = performance.now();
    this.socket = new WebSocket(`${scheme}://${location.host}/`);
    this.listen(this.socket);
    this.timers.forEach(clearInterval); // those of a socket that is still closing
    this.timers = this.owner.beats.map(([seconds, act]) => setInterval(act, 1000 * seconds));
  }

  leave() {
    this.left = true;
    this.socket?.close(1000);
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(frame) {
    if (this.isOpen) this.socket.send(JSON.stringify(frame));
  }

  /** The seconds since the last frame. */
  get silence() {
    return (performance.now() - this.heardAt) / 1000;
  }

  /** Whether there is a socket; one that has been silent for too long is given up. */
  checkAlive() {
    if (this.socket && this.silence > this.rules.idle_time) this.giveUp();
    return this.socket !== undefined;
  }

  // What follows is ours.

  listen(socket) {
    socket.onopen = () => this.owner.opened();
    socket.onmessage = (event) => {
      this.heardAt = performance.now();
      this.owner.heard(JSON.parse(event.data));
    };
    socket.onclose = (event) => socket === this.socket && this.closed(event.code, event.reason);
  }

  giveUp() {
    const socket = this.socket;
    this.closed(LOST, "The room is silent.");
    socket.close();
  }

  closed(code, reason) {
    this.socket = undefined;
    this.timers.forEach(clearInterval);
    this.owner.closed();
    if (this.left) return;
    const words = this.refusal || reason || "The connection was lost.";
    if (this.rules.final_codes.includes(code)) this.owner.over(words);
    else this.comeBack(words);
  }

  comeBack(words) {
    const longest = Math.min(this.rules.longest_pause, this.rules.first_pause * 2 ** this.tries++);
    const pause = longest * (0.5 + Math.random() / 2);
    this.owner.lost(words, pause);
    setTimeout(() => this.left || this.open(), 1000 * pause);
  }
}
