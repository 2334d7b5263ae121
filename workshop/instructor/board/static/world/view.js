// A part of the world on a canvas: the ground, resources and players.

import { paintGround } from "./ground.js";
import { Sprites } from "./sprites.js";

/** Draws the map from `/map.json`, and what moves on it. */
export class View {
  constructor(canvas, map) {
    this.canvas = canvas;
    this.unit = map.units.unit;
    this.ground = paintGround(map);
    this.sprites = new Sprites(map);
  }

  /** Fit the canvas's pixels to its place on the page. */
  fit() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const [width, height] = [this.canvas.clientWidth * ratio, this.canvas.clientHeight * ratio].map(Math.round);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
  }

  /** The whole map in the middle of the canvas. */
  overview() {
    const { width, height } = this.ground;
    const scale = Math.min(this.canvas.width / width, this.canvas.height / height);
    return { scale, left: (this.canvas.width - width * scale) / 2, top: (this.canvas.height - height * scale) / 2 };
  }

  /** A part of the map around a place, `across` pixels of the map along the canvas's shorter side. */
  closeUp([x, y], across) {
    const scale = Math.min(this.canvas.width, this.canvas.height) / across;
    const edge = (place, size, shown) =>
      shown > size ? (size - shown) / 2 : Math.min(Math.max(place - shown / 2, 0), size - shown);
    return {
      scale,
      left: -edge(x, this.ground.width, this.canvas.width / scale) * scale,
      top: -edge(y, this.ground.height, this.canvas.height / scale) * scale,
    };
  }

  /** Draw a frame: `places` says where the players are, `state` everything else; `me` is an id. */
  draw({ scale, left, top }, state, places, { me = "", nameSize = 15 } = {}) {
    const ctx = this.canvas.getContext("2d");
    this.drawGround(ctx, scale, left, top);
    const bigger = Math.max(1, 0.55 / scale); // on a small map, things are drawn larger than they are
    for (const { kind, x, y } of Object.values(state.resources ?? {})) {
      this.sprites.drawResource(ctx, kind, [x / this.unit, y / this.unit], bigger);
    }
    for (const [id, place] of places) {
      const player = state.players?.[id];
      const look = { mine: id === me, bigger, size: nameSize / scale };
      if (player) this.sprites.drawPlayer(ctx, player, place, look);
    }
  }

  drawGround(ctx, scale, left, top) {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.setTransform(scale, 0, 0, scale, left, top);
    ctx.drawImage(this.ground, 0, 0);
  }
}
