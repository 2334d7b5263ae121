// Messages that want an answer, each with a number that its answer repeats.

export class Requests {
  /** `send` sends a frame; `timeout` is in seconds. */
  constructor(send, timeout) {
    Object.assign(this, { send, timeout });
    this.waiting = new Map();
    this.lastId = 0;
  }

  /** Resolves with the answer's body, or rejects with an Error whose message is for people. */
  ask(body) {
    const id = ++this.lastId;
    this.send({ type: "request", id, body });
    return new Promise((resolve, reject) => {
      const late = () => this.answered({ id, code: "timeout", message: "No answer came." });
      this.waiting.set(id, { resolve, reject, timer: setTimeout(late, 1000 * this.timeout) });
    });
  }

  answered({ id, body, code, message }) {
    const request = this.waiting.get(id);
    if (!request) return;
    this.waiting.delete(id);
    clearTimeout(request.timer);
    if (code) request.reject(new Error(message || code));
    else request.resolve(body);
  }

  /** The connection is lost, and with it every answer. */
  lose() {
    for (const id of [...this.waiting.keys()]) this.answered({ id, code: "lost", message: "The connection was lost." });
  }
}
