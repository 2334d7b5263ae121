// Your own player, ahead of the server by the inputs that are under way.

import { step } from "./movement.js";

/** The inputs that the server has not confirmed yet, and the place to which they lead. */
export class Prediction {
  constructor(map) {
    this.map = map;
    this.forget();
    this.seq = 0;
  }

  forget() {
    this.pending = [];
    this.place = null;
    this.before = null;
  }

  /** Apply what the player wants in this tick. Returns the input, with its number. */
  predict(move, collect) {
    const input = { type: "input", seq: ++this.seq, move, collect };
    this.pending.push(input);
    this.before = this.place;
    this.place = step(this.place, move, this.map);
    return input;
  }

  /** Take the server's place of the player, after all inputs up to a certain one. */
  reconcile({ x, y }, lastInputSeq) {
    while (this.pending.length && this.pending[0].seq <= lastInputSeq) this.pending.shift();
    let place = { x, y };
    let before = place;
    for (const { move } of this.pending) {
      before = place;
      place = step(place, move, this.map);
    }
    this.before = this.pending.length ? before : (this.before ?? place);
    this.place = place;
  }

  /** Where to draw the player, in world units; `share` is the part of a tick that has passed. */
  at(share) {
    const from = this.before ?? this.place;
    return [from.x + (this.place.x - from.x) * share, from.y + (this.place.y - from.y) * share];
  }
}
