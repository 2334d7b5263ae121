// How a player moves: exactly the rule of movement.py, in whole world units, rounded and cut as in Python.

/** The direction of a stick as fractions of which both ends make the same whole units. */
export function exact([x, y], units) {
  const length = Math.max(1, Math.hypot(x, y));
  return [x, y].map((part) => Math.trunc((part / length) * units.step) / units.step);
}

/** The place one input later. It slides along obstacles and never enters one. */
export function step(place, move, map) {
  const [dx, dy] = clamped(move, map.units.step);
  const { body } = map.units;
  const x = clamp(slide(place.x, dx, place.y, map, 0), body, map.width - body);
  const y = clamp(slide(place.y, dy, x, map, 1), body, map.height - body);
  return { x, y };
}

/** A direction as whole world units, never longer than one step. */
function clamped([x, y], longest) {
  const [dx, dy] = [Math.round(x * longest), Math.round(y * longest)];
  const square = dx * dx + dy * dy;
  if (square <= longest * longest) return [dx, dy];
  const length = Math.floor(Math.sqrt(square - 1)) + 1;
  return [dx, dy].map((part) => Math.sign(part) * Math.floor((Math.abs(part) * longest) / length));
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Where a move along one axis ends; `cross` is the place on the other axis. */
function slide(start, delta, cross, { obstacles, units: { body } }, axis) {
  let end = start + delta;
  for (const { left, top, right, bottom } of obstacles) {
    const spans = [[left - body, right + body], [top - body, bottom + body]];
    const [[low, high], [crossLow, crossHigh]] = [spans[axis], spans[1 - axis]];
    if (!(crossLow < cross && cross < crossHigh)) continue;
    if (start <= low && low < end) end = low;
    else if (end < high && high <= start) end = high;
  }
  return end;
}
