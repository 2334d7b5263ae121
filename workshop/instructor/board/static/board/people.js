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
  line.append(nameOf(row), element("span", "quiet", marks([minutesText(row.seconds), stepText(row), row.player && `as ${row.player}`, ...linkOf(row)])));
  if (row.words) line.append(element("q", "", row.words));
  return line;
}

function tile(row) {
  const box = element("li", isAway(row) ? "away" : row.state);
  const words = marks([linkOf(row)[0], stateText(row), row.player && `as ${row.player}`]);
  box.append(nameOf(row), element("span", "quiet", words || (row.member ? "in the class" : "plays")));
  return box;
}

/** The step, shorter beside what a tile says first. */
function stateText(row) {
  const step = linkOf(row).length ? stepText(row).replace("step ", "") : stepText(row);
  return row.state === "done" ? `${step} ✓` : step;
}

function nameOf(row) {
  const name = element("b", "", row.name);
  name.dir = "auto";
  return name;
}

/** What is not usual of the connection, by weight: it is lost, or it is a phone's. */
const linkOf = (row) => [isAway(row) && "away", row.kind === "phone" && "phone"].filter(Boolean);

const marks = (words) => words.filter(Boolean).join(" · ");
