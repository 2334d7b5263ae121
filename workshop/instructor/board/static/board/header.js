import { $, element, setText, showOrHide } from "../page/dom.js";
import { clockText, resultText } from "../page/round_words.js";

const PHASES = { waiting: "waiting for players", countdown: "ready …", over: "round over" };

export function showRoomName(name) {
  $("#room").textContent = document.title = name;
}

/** How to join, on each system; those with the same commands share a line. */
export function showHowToJoin(about) {
  const systems = new Map();
  for (const [system, commands] of Object.entries(about.commands)) {
    const key = commands.join("\n");
    systems.set(key, [...(systems.get(key) ?? []), system]);
  }
  for (const [key, names] of systems) $("#commands").append(...waysToJoin(names, key.split("\n")));
  $("#address").textContent = about.address;
  $("#play-url").textContent = about.play;
  showRoomName(about.name);
}

function waysToJoin(names, commands) {
  return [element("dt", "", names.join(", ")), ...commands.map(commandLine)];
}

function commandLine(command) {
  const line = element("dd");
  line.append(element("code", "", command));
  return line;
}

/** The round's phase and clock, and how it ended. */
export function showRound(room) {
  setText($("#phase"), phaseText(room));
  setText($("#clock"), clockText(room.round, room.secondsUntil(room.round?.ends_at)));
  showOrHide($("#result"), resultText(room.round));
}

function phaseText({ pausedBy, round }) {
  if (pausedBy) return "paused";
  return round?.phase === "playing" ? `round ${round.number}` : (PHASES[round?.phase] ?? "");
}
