import { $ } from "../page/dom.js";

/** The host's orders to the room, and the line that shows the result. */
export class Orders {
  constructor(room) {
    this.room = room;
  }

  /** Send an order, and show `done` once it is carried out. Resolves with whether it was. */
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

  orderBoard(fields, done) {
    return this.ask({ type: "board_order", ...fields }, done);
  }

  orderClass(fields, done) {
    return this.ask({ type: "class_order", ...fields }, done);
  }

  answer(words) {
    Object.assign($("#answer"), { textContent: sentence(words), className: "quiet" });
  }

  problem(words) {
    Object.assign($("#answer"), { textContent: sentence(words), className: "problem" });
  }
}

/** The server's words as a sentence. */
export function sentence(words) {
  const text = words.trim();
  return text && text[0].toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}
