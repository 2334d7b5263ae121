// Your own player: an input for each tick that has passed, predicted and sent.

import { exact } from "../world/movement.js";
import { Prediction } from "../world/prediction.js";

const MOST_TICKS = 5; // in one frame: after a long pause, a page does not catch up in a leap

export class Player {
  constructor(map) {
    this.units = map.units;
    this.prediction = new Prediction(map);
    this.due = 0; // ticks that have passed and have no input yet
  }

  /** Another connection begins. */
  forget() {
    this.prediction.forget();
  }

  /** Take the server's place of the player, after all inputs up to that of the snapshot. */
  reconcile(room, snapshot) {
    const fields = fieldsIn(room);
    if (fields) this.prediction.reconcile(fields, snapshot.last_input_seq ?? 0);
  }

  /** Whether the player is in the room, and their place is known. */
  isIn(room) {
    return fieldsIn(room) !== undefined && this.prediction.place !== null;
  }

  scoreIn(room) {
    return fieldsIn(room).score;
  }

  /** Let time pass, in seconds. Returns whether there is something to take. */
  tick(room, dt, controls) {
    this.due += dt * room.tickRate;
    const ticks = Math.min(Math.floor(this.due), MOST_TICKS);
    this.due -= Math.floor(this.due);
    const near = this.isNear(room.state.resources ?? {});
    if (!room.pausedBy && room.isOpen) this.play(room, ticks, controls, near);
    return near;
  }

  /** Where to draw the player, in pixels. */
  get place() {
    return this.prediction.at(Math.min(this.due, 1)).map((length) => length / this.units.unit);
  }

  play(room, ticks, controls, near) {
    const move = exact(controls.direction, this.units);
    for (let count = 0; count < ticks; count++) room.send(this.prediction.predict(move, controls.isTaking && near));
  }

  isNear(resources) {
    const { x, y } = this.prediction.place;
    const { reach } = this.units;
    return Object.values(resources).some((one) => (one.x - x) ** 2 + (one.y - y) ** 2 <= reach * reach);
  }
}

const fieldsIn = (room) => room?.state.players?.[room.playerId];
