// Players and resources. All measures are in pixels of the game; `bigger` enlarges them on a small map.

import { circle, outlined } from "./shapes.js";

const SHADOW = "rgb(0 0 0 / 30%)";
const OUTLINE = 0.85; // opacity
const MINE = "#ffffff";

/** Draws players and resources in the colours and shapes of `/map.json`. */
export class Sprites {
  constructor({ colours, outlines, dot, dots, units }) {
    Object.assign(this, { colours, outlines, dot, dots });
    this.radius = units.body / units.unit;
  }

  /** Draw a player with its name, `size` pixels high. */
  drawPlayer(ctx, player, [x, y], { mine, bigger, size }) {
    const radius = this.radius * bigger;
    ctx.globalAlpha = player.away ? 0.45 : 1;
    ctx.fillStyle = SHADOW;
    circle(ctx, x, y + radius * 0.35, radius * 1.02);
    ctx.fillStyle = playerColour(this.colours, player);
    ctx.strokeStyle = mine ? MINE : this.colours.ink;
    ctx.lineWidth = (mine ? 3.5 : 2.5) * bigger;
    ctx.lineJoin = "round";
    outlined(ctx, this.outlines[player.colour % this.outlines.length], x, y, radius);
    ctx.stroke();
    this.drawDots(ctx, player, [x, y], radius);
    this.drawName(ctx, player, [x, y], radius, size);
    ctx.globalAlpha = 1;
  }

  /** The dots by which players with the same outline are told apart. */
  drawDots(ctx, { colour }, [x, y], radius) {
    for (const [dx, dy] of this.dots[colour % this.dots.length]) {
      ctx.fillStyle = this.colours.paper;
      circle(ctx, x + dx * radius, y + dy * radius, this.dot * radius + 1);
      ctx.fillStyle = this.colours.ink;
      circle(ctx, x + dx * radius, y + dy * radius, this.dot * radius);
    }
  }

  drawName(ctx, { name, away }, [x, y], radius, size) {
    const words = away ? `${name} (away)` : name;
    const above = y - radius - size * 0.35;
    const line = above < size ? y + radius + size * 1.1 : above; // at the upper edge it goes below
    Object.assign(ctx, { font: `600 ${size}px system-ui, sans-serif`, textAlign: "center" });
    Object.assign(ctx, { lineJoin: "round", lineWidth: size / 4, strokeStyle: this.colours.ink });
    ctx.strokeText(words, x, line);
    ctx.fillStyle = this.colours.paper;
    ctx.fillText(words, x, line);
  }

  drawResource(ctx, kind, [x, y], bigger) {
    ctx.fillStyle = this.colours.resources[kind];
    ctx.strokeStyle = this.colours.ink;
    ctx.lineWidth = 2 * bigger;
    ctx.beginPath();
    (OUTLINES[kind] ?? OUTLINES.stone)(ctx, x, y, 9 * bigger);
    ctx.closePath();
    ctx.fill();
    ctx.globalAlpha = OUTLINE;
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}

/** The colour of a player; after the last, the colours begin again. */
export function playerColour({ players }, { colour }) {
  return players[colour % players.length];
}

const DIAMOND = [[0, -1.3], [1, 0], [0, 1.3], [-1, 0]];

const OUTLINES = {
  gem: (ctx, x, y, size) => DIAMOND.forEach(([dx, dy]) => ctx.lineTo(x + dx * size, y + dy * size)),
  wood: (ctx, x, y, size) => ctx.roundRect(x - size * 1.2, y - size * 0.6, size * 2.4, size * 1.2, size * 0.5),
  stone: (ctx, x, y, size) => ctx.ellipse(x, y, size, size * 0.8, 0, 0, 2 * Math.PI),
};
