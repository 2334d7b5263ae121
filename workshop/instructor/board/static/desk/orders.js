import { $ } from "../page/dom.js";

/** What the host asks of the room, and the line that tells what came of it. */
export class Orders {
  constructor(room) {
    this.room = room;
  }

  /** Ask something; `done` is shown when it has happened. Resolves with whether it has. */
  async ask(body, done) {
    try {
      await this.room.request(body);
      this.answer(done);
      return true;
    } catch (error) {
      this.problem(error.message);
      return false;
    }
  }

  command(fields, done) {
    return this.ask({ type: "command", ...fields }, done);
  }

  order(fields, done) {
    return this.ask({ type: "order", ...fields }, done);
  }

  orderClass(fields, done) {
    return this.ask({ type: "class_order", ...fields }, done);
  }

  answer(words) {
    Object.assign($("#answer"), { textContent: words, className: "quiet" });
  }

  problem(words) {
    Object.assign($("#answer"), { textContent: words, className: "problem" });
  }
}
