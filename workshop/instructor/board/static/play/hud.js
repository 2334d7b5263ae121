// What is above the game: score, clock, ping, and a banner.

import { $, setText } from "../page/dom.js";
import { clockText, resultText } from "../page/round_words.js";

const NOTE_MS = 3000; // for which a note is shown

export class Hud {
  constructor() {
    this.note = "";
    this.timer = 0;
  }

  /** Show a notice of the server for some seconds. */
  tell(text) {
    this.note = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.note = ""), NOTE_MS);
  }

  draw(room, score) {
    setText($("#score"), String(score));
    setText($("#clock"), clockText(room.round, room.secondsUntil(room.round?.ends_at)));
    setText($("#ping"), room.rtt ? `${Math.round(1000 * room.rtt)} ms` : "");
    const words = this.banner(room);
    if (words) setText($("#banner"), words);
    $("#banner").hidden = !words;
  }

  banner({ pausedBy, round }) {
    if (pausedBy) return `Paused by ${pausedBy}`;
    if (round?.phase === "countdown") return "Ready …";
    return resultText(round) || this.note;
  }
}
