// The people: raised hands first and whole, then a tile for each of the others. Bots are only counted.

import { $, element } from "../page/dom.js";
import { minutesText, shortStep } from "../page/round_words.js";
import { fit } from "./fit.js";

export function showPeople(rows) {
  const people = rows.filter((row) => row.kind !== "bot");
  const hands = people.filter((row) => row.state === "stuck").sort((a, b) => b.seconds - a.seconds);
  const others = people.filter((row) => row.state !== "stuck");
  $("#people-title").textContent = summary(people, rows.length - people.length);
  $("#hands").replaceChildren(...hands.map(handLine));
  $("#tiles").replaceChildren(...others.map(tile));
  fit($("#people"));
}

function summary(people, bots) {
  const away = people.filter(isAway).length;
  const counted = [
    people.length && `${people.length} ${people.length === 1 ? "person" : "people"}`,
    away && `${away} away`,
    bots && `${bots} bot${bots === 1 ? "" : "s"}`,
  ];
  return marks(counted) || "Nobody is here yet";
}

const isAway = (row) => row.quality === "away";
const stepText = ({ step }) => (step ? `step ${shortStep(step).split(" ")[0]}` : "");

function handLine(row) {
  const line = element("li", isAway(row) ? "away" : "");
  line.append(nameOf(row), element("span", "quiet", marks([minutesText(row.seconds), stepText(row), ...kindOf(row)])));
  if (row.words) line.append(element("q", "", row.words));
  return line;
}

function tile(row) {
  const box = element("li", isAway(row) ? "away" : row.state);
  const state = row.state === "done" ? `${stepText(row)} ✓` : stepText(row);
  box.append(nameOf(row), element("span", "quiet", marks([state, ...kindOf(row)]) || (row.member ? "in the class" : "plays")));
  return box;
}

function nameOf(row) {
  const name = element("b", "", row.name);
  name.dir = "auto";
  return name;
}

/** What is not usual: another name in the game, a phone, a connection that is lost. */
function kindOf(row) {
  return [row.player && `as ${row.player}`, row.kind === "phone" ? "phone" : "", isAway(row) ? "away" : ""];
}

const marks = (words) => words.filter(Boolean).join(" · ");
