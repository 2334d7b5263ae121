// The ground, which never changes, so it is painted only once.

import { circle, roundedBox } from "./shapes.js";

const SPECKLES = 2600;
const LIGHT = "rgb(20% 20% 20%)"; // dodged into the upper side of an obstacle: a quarter lighter, of the same hue
const SHADOW = "rgb(0 0 0 / 25%)";
const EDGE = 12; // pixels

/** A canvas with the ground of the map from `/map.json`; one pixel for each pixel of the game. */
export function paintGround(map) {
  const canvas = document.createElement("canvas");
  const [width, height] = [map.width / map.units.unit, map.height / map.units.unit];
  Object.assign(canvas, { width, height });
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = map.colours.grass;
  ctx.fillRect(0, 0, width, height);
  speckle(ctx, width, height);
  for (const obstacle of map.obstacles) paintObstacle(ctx, obstacle, map);
  ctx.strokeStyle = map.colours.ink;
  ctx.lineWidth = EDGE;
  ctx.strokeRect(0, 0, width, height);
  return canvas;
}

function speckle(ctx, width, height) {
  let seed = 7; // a small generator, so that every page looks the same
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let count = 0; count < SPECKLES; count++) {
    ctx.fillStyle = next() < 0.5 ? "rgb(255 255 255 / 4%)" : "rgb(0 0 0 / 5%)";
    circle(ctx, next() * width, next() * height, 3 + next() * 12);
  }
}

function paintObstacle(ctx, { kind, left, top, right, bottom }, { units, colours }) {
  const [x, y, width, height] = [left, top, right - left, bottom - top].map((length) => length / units.unit);
  const radius = { tree: width / 2, rock: height * 0.35, pond: height * 0.45, wall: 4 }[kind];
  ctx.fillStyle = SHADOW;
  roundedBox(ctx, x, y + (kind === "pond" ? 0 : 7), width, height, radius);
  ctx.fillStyle = colours.obstacles[kind];
  roundedBox(ctx, x, y, width, height, radius);
  ctx.fillStyle = LIGHT;
  ctx.globalCompositeOperation = "color-dodge";
  roundedBox(ctx, x + width * 0.14, y + height * 0.1, width * 0.72, height * 0.62, radius * 0.7);
  ctx.globalCompositeOperation = "source-over";
}
