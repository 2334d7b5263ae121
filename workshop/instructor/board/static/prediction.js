// One's own player, ahead of the server by the inputs that are under way. The rule is that of movement.py, to the
// bit: whole world units (1/16 pixel), rounded and cut as Python does it.

const STEP = 128; // world units in one tick
const BODY = 224; // world units from a player's centre to each side

/** The direction of a stick as something of which both ends make the same whole units. */
export function exact([x, y]) {
  const length = Math.max(1, Math.hypot(x, y));
  return [Math.trunc((x / length) * STEP) / STEP, Math.trunc((y / length) * STEP) / STEP];
}

/** The place one input later. It slides along obstacles and never enters one. */
export function step(place, move, map) {
  const [dx, dy] = clamped(move);
  const x = clamp(slide(place.x, dx, place.y, map, 0), BODY, map.width - BODY);
  const y = clamp(slide(place.y, dy, x, map, 1), BODY, map.height - BODY);
  return { x, y };
}

function clamped([x, y]) {
  const [dx, dy] = [Math.round(x * STEP), Math.round(y * STEP)];
  const square = dx * dx + dy * dy;
  if (square <= STEP * STEP) return [dx, dy];
  const length = Math.floor(Math.sqrt(square - 1)) + 1;
  return [dx, dy].map((part) => Math.sign(part) * Math.floor((Math.abs(part) * STEP) / length));
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function slide(start, delta, cross, map, axis) {
  let end = start + delta;
  for (const { left, top, right, bottom } of map.obstacles) {
    const spans = [[left - BODY, right + BODY], [top - BODY, bottom + BODY]];
    const [[low, high], [crossLow, crossHigh]] = [spans[axis], spans[1 - axis]];
    if (!(crossLow < cross && cross < crossHigh)) continue;
    if (start <= low && low < end) end = low;
    else if (end < high && high <= start) end = high;
  }
  return end;
}

/** What the player has done and the server has not confirmed, and where that leads. */
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

  /** A snapshot: where the server has us, after all inputs up to a certain one. */
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

  /** Where to draw it, in world units; `share` is the part of a tick that has passed. */
  at(share) {
    const from = this.before ?? this.place;
    return [from.x + (this.place.x - from.x) * share, from.y + (this.place.y - from.y) * share];
  }
}
