import { $, setText, showOrHide } from "../page/dom.js";
import { clockText, resultText } from "../page/round_words.js";

const PHASES = { waiting: "waiting for players", countdown: "ready …", over: "round over" };

export function showRoomName(name) {
  $("#room").textContent = document.title = name;
}

/** How to join, and where the slides are. */
export function showHowToJoin(about) {
  $("#command").textContent = about.command;
  $("#play-url").textContent = about.play;
  $("#slides").hidden = !about.slides;
  showRoomName(about.name);
}

/** The round's phase and clock, and a banner for its end. */
export function showRound(room) {
  setText($("#phase"), phaseText(room));
  setText($("#clock"), clockText(room.round, room.secondsUntil(room.round?.ends_at)));
  showOrHide($("#banner"), resultText(room.round));
}

function phaseText({ pausedBy, round }) {
  if (pausedBy) return `paused by ${pausedBy}`;
  return round?.phase === "playing" ? `round ${round.number}` : (PHASES[round?.phase] ?? "");
}
