// The player's input, from the stick and the button on the screen or from keys.

import { $ } from "../page/dom.js";
import { setUpButton, setUpStick } from "./stick.js";

const TAKE = "Space";
const KEYS = {
  ArrowLeft: [-1, 0], KeyA: [-1, 0], ArrowRight: [1, 0], KeyD: [1, 0],
  ArrowUp: [0, -1], KeyW: [0, -1], ArrowDown: [0, 1], KeyS: [0, 1],
};

export class Controls {
  /** `playing` returns whether keys are for the game now, and not for the form. */
  constructor(playing) {
    this.playing = playing;
    this.held = new Set();
    this.stick = [0, 0];
    this.isButtonDown = false;
    setUpStick($("#stick"), (place) => (this.stick = place));
    setUpButton($("#take"), (down) => (this.isButtonDown = down));
    addEventListener("keydown", (event) => this.playing() && this.press(event, true));
    addEventListener("keyup", (event) => this.press(event, false));
    addEventListener("blur", () => this.held.clear());
    addEventListener("contextmenu", (event) => event.preventDefault());
  }

  get direction() {
    let [x, y] = this.stick;
    for (const key of this.held) {
      x += KEYS[key]?.[0] ?? 0;
      y += KEYS[key]?.[1] ?? 0;
    }
    return [x, y];
  }

  get isTaking() {
    return this.isButtonDown || this.held.has(TAKE);
  }

  press(event, down) {
    if (!(event.code in KEYS) && event.code !== TAKE) return;
    if (this.playing()) event.preventDefault();
    if (down) this.held.add(event.code);
    else this.held.delete(event.code);
  }
}
