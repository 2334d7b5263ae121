import { $, element, setText, showOrHide } from "../page/dom.js";
import { about } from "../page/told.js";
import { clockText, resultText } from "../page/round_words.js";
import { fit } from "./fit.js";

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
  $("#commands").replaceChildren(...[...systems].flatMap(([key, names]) => waysToJoin(names, key.split("\n"))));
  $("#address").textContent = about.shown;
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

let address = about.address;

/** The host has chosen another address for joining. */
export async function showAddress(newest) {
  if (newest === address) return;
  address = newest;
  showHowToJoin(await (await fetch("/room.json")).json());
  $("#qr").src = `/qr.svg?${address}`;
  fit($("#join"));
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
