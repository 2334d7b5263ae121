// Where the players were a moment ago, between two snapshots. All places are in pixels.

export const DELAY = 0.15; // seconds in the past
const KEEP = 1.5; // seconds of snapshots

export class Motion {
  /** `unit` is in world units per pixel, `top_speed` in world units a second. */
  constructor({ unit, top_speed }) {
    this.unit = unit;
    this.topSpeed = top_speed / unit;
    this.snapshots = [];
  }

  /** Take the players of a snapshot; `time` is the room's, in seconds. */
  add(time, players) {
    if (this.snapshots.length && time < this.snapshots.at(-1).time) this.snapshots = []; // another server
    const places = new Map();
    for (const [id, { x, y }] of Object.entries(players)) places.set(id, [x / this.unit, y / this.unit]);
    this.snapshots.push({ time, places });
    while (this.snapshots[0].time < time - KEEP) this.snapshots.shift();
  }

  /** The places at a moment: id → [x, y]. */
  at(moment) {
    const after = this.snapshots.findIndex((snapshot) => snapshot.time > moment);
    if (after <= 0) return (after ? this.snapshots.at(-1) : this.snapshots[0])?.places ?? new Map();
    const [older, newer] = [this.snapshots[after - 1], this.snapshots[after]];
    const span = newer.time - older.time;
    const share = (moment - older.time) / span;
    const place = (id, to) => between(older.places.get(id) ?? to, to, share, this.topSpeed * span);
    return new Map(Array.from(newer.places, ([id, to]) => [id, place(id, to)]));
  }
}

/** A player who moved further than they can run was put there. */
function between(from, to, share, furthest) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  if (Math.hypot(dx, dy) > furthest) return from;
  return [from[0] + dx * share, from[1] + dy * share];
}
