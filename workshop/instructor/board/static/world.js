// The world on a canvas: the ground once, then resources and players, where they were a moment ago.

const UNIT = 16; // world units per pixel
const DELAY = 0.15; // seconds in the past: then there is a snapshot on both sides of the drawn moment
const KEEP = 1.5; // seconds of snapshots
const TOP_SPEED = 720; // pixels a second; who is further away was put there
const TAU = 2 * Math.PI;

const GROUND = {
  grass: "#527a54",
  tree: ["#26543a", "#356b4c"],
  rock: ["#5c5c62", "#77777e"],
  pond: ["#347694", "#4b93b3"],
  wall: ["#7c7068", "#978a81"],
};
const RESOURCES = { wood: "#96603c", stone: "#b0b8c4", gem: "#30e2ff" };

/** Where everybody is between two snapshots. All places are in pixels. */
export class Motion {
  constructor() {
    this.snapshots = [];
  }

  /** Take in the players of a snapshot; `time` is the room's, in seconds. */
  add(time, players) {
    if (this.snapshots.length && time < this.snapshots.at(-1).time) this.snapshots = []; // another server
    const places = new Map();
    for (const [id, { x, y }] of Object.entries(players)) places.set(id, [x / UNIT, y / UNIT]);
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
    return new Map(Array.from(newer.places, ([id, to]) => [id, between(older.places.get(id) ?? to, to, share, span)]));
  }
}

function between(from, to, share, span) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  if (Math.hypot(dx, dy) > TOP_SPEED * span) return from;
  return [from[0] + dx * share, from[1] + dy * share];
}

/** Draws a map, as `/map.json` tells it, and what moves on it. */
export class View {
  constructor(canvas, map, palette) {
    this.canvas = canvas;
    this.palette = palette;
    this.width = map.width / UNIT;
    this.height = map.height / UNIT;
    this.ground = paintGround(map, this.width, this.height);
  }

  /** Fit the canvas's pixels to its place on the page. */
  fit() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [this.canvas.clientWidth * ratio, this.canvas.clientHeight * ratio].map(Math.round);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
  }

  /** The whole map in the middle of the canvas. */
  overview() {
    const scale = Math.min(this.canvas.width / this.width, this.canvas.height / this.height);
    return {
      scale,
      left: (this.canvas.width - this.width * scale) / 2,
      top: (this.canvas.height - this.height * scale) / 2,
    };
  }

  /** A part of the map around a place, `across` pixels of the map along the canvas's shorter side. */
  closeUp([x, y], across) {
    const scale = Math.min(this.canvas.width, this.canvas.height) / across;
    const edge = (place, size, shown) =>
      shown > size ? (size - shown) / 2 : Math.min(Math.max(place - shown / 2, 0), size - shown);
    return {
      scale,
      left: -edge(x, this.width, this.canvas.width / scale) * scale,
      top: -edge(y, this.height, this.canvas.height / scale) * scale,
    };
  }

  /** Draw a frame: `places` says where the players are, `state` everything else; `me` is an id. */
  draw({ scale, left, top }, state, places, { me = "", nameSize = 15 } = {}) {
    const ctx = this.canvas.getContext("2d");
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.setTransform(scale, 0, 0, scale, left, top);
    ctx.drawImage(this.ground, 0, 0, this.width, this.height);
    const bigger = Math.max(1, 0.55 / scale); // on a small map, things are drawn larger than they are
    for (const { kind, x, y } of Object.values(state.resources ?? {})) drawResource(ctx, kind, x / UNIT, y / UNIT, bigger);
    for (const [id, [x, y]] of places) {
      const player = state.players?.[id];
      if (player) this.drawPlayer(ctx, player, x, y, { mine: id === me, bigger, size: nameSize / scale });
    }
  }

  drawPlayer(ctx, player, x, y, { mine, bigger, size }) {
    const radius = 14 * bigger;
    ctx.globalAlpha = player.away ? 0.45 : 1;
    ctx.fillStyle = "rgb(0 0 0 / 30%)";
    circle(ctx, x, y + radius * 0.35, radius * 1.02);
    ctx.fillStyle = this.palette[player.colour % this.palette.length];
    ctx.strokeStyle = mine ? "#ffffff" : "#10141c";
    ctx.lineWidth = (mine ? 3.5 : 2.5) * bigger;
    circle(ctx, x, y, radius);
    ctx.stroke();
    ctx.font = `600 ${size}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    ctx.lineJoin = "round";
    ctx.lineWidth = size / 4;
    ctx.strokeStyle = "#10141c";
    const words = player.away ? `${player.name} (away)` : player.name;
    const above = y - radius - size * 0.35;
    const line = above < size ? y + radius + size * 1.1 : above; // at the upper edge it stands below
    ctx.strokeText(words, x, line);
    ctx.fillStyle = "#f8f8f4";
    ctx.fillText(words, x, line);
    ctx.globalAlpha = 1;
  }
}

export { DELAY };

function circle(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, TAU);
  ctx.fill();
}

function drawResource(ctx, kind, x, y, bigger) {
  const size = 9 * bigger;
  ctx.fillStyle = RESOURCES[kind] ?? "#fff";
  ctx.strokeStyle = "rgb(16 20 28 / 85%)";
  ctx.lineWidth = 2 * bigger;
  ctx.beginPath();
  if (kind === "gem") {
    for (const [dx, dy] of [[0, -1.3], [1, 0], [0, 1.3], [-1, 0]]) ctx.lineTo(x + dx * size, y + dy * size);
  } else if (kind === "wood") {
    ctx.roundRect(x - size * 1.2, y - size * 0.6, size * 2.4, size * 1.2, size * 0.5);
  } else {
    ctx.ellipse(x, y, size, size * 0.8, 0, 0, TAU);
  }
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}

/** The ground never changes, so it is painted once. */
function paintGround(map, width, height) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = GROUND.grass;
  ctx.fillRect(0, 0, width, height);
  speckle(ctx, width, height);
  for (const obstacle of map.obstacles) paintObstacle(ctx, obstacle);
  ctx.strokeStyle = "#10141c";
  ctx.lineWidth = 12;
  ctx.strokeRect(0, 0, width, height);
  return canvas;
}

function speckle(ctx, width, height) {
  let seed = 7; // a small generator, so that every page looks the same
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let count = 0; count < 2600; count++) {
    ctx.fillStyle = next() < 0.5 ? "rgb(255 255 255 / 4%)" : "rgb(0 0 0 / 5%)";
    circle(ctx, next() * width, next() * height, 3 + next() * 12);
  }
}

function paintObstacle(ctx, { kind, left, top, right, bottom }) {
  const [x, y, width, height] = [left, top, right - left, bottom - top].map((units) => units / UNIT);
  const [dark, light] = GROUND[kind];
  const round = { tree: width / 2, rock: height * 0.35, pond: height * 0.45, wall: 4 }[kind];
  ctx.fillStyle = "rgb(0 0 0 / 25%)";
  box(ctx, x, y + (kind === "pond" ? 0 : 7), width, height, round);
  ctx.fillStyle = dark;
  box(ctx, x, y, width, height, round);
  ctx.fillStyle = light;
  box(ctx, x + width * 0.14, y + height * 0.1, width * 0.72, height * 0.62, round * 0.7);
}

function box(ctx, x, y, width, height, round) {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, round);
  ctx.fill();
}
