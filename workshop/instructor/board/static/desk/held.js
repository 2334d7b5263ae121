import { $, element } from "../page/dom.js";

const SECONDS = 10; // for which an order can still be undone

/** Orders that cannot be taken back: each waits a while, in which it can be undone. */
export class Held {
  constructor(orders) {
    this.orders = orders;
    this.waiting = new Map(); // what it is → {item, timer, act}
    addEventListener("pagehide", () => [...this.waiting.keys()].forEach((what) => this.carryOut(what)));
  }

  /** Carry out `act` in a while; `what` is said of it, such as "Kick Ada". Twice the same is once. */
  hold(what, act) {
    if (this.waiting.has(what)) return;
    const item = heldItem(what, () => this.undo(what));
    const timer = setTimeout(() => this.carryOut(what), 1000 * SECONDS);
    this.waiting.set(what, { item, timer, act });
    $("#held").append(item);
  }

  undo(what) {
    if (this.take(what)) this.orders.answer(`Undone: ${what}`);
  }

  carryOut(what) {
    this.take(what)?.act();
  }

  /** Undo all, because of something that happened. */
  drop(why) {
    const all = [...this.waiting.keys()];
    all.forEach((what) => this.take(what));
    if (all.length) this.orders.problem(`${why}, and so this was not done: ${all.join(", ")}`);
  }

  take(what) {
    const held = this.waiting.get(what);
    this.waiting.delete(what);
    clearTimeout(held?.timer);
    held?.item.remove();
    return held;
  }
}

function heldItem(what, undo) {
  const [item, button] = [element("li"), element("button", "main", "Undo")];
  button.type = "button";
  button.onclick = undo;
  item.append(element("span", "", `${what}: in ${SECONDS} s`), button);
  return item;
}
