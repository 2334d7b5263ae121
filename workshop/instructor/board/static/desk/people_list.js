// The list of attendees and players: their progress, and the quality of their connections.

import { $, element, setText } from "../page/dom.js";
import { minutesText } from "../page/round_words.js";
import { sparkline } from "./sparkline.js";

const CURVE = 40; // values of a curve
const MOST = { rtt: 300, jitter: 80 }; // milliseconds at the upper edge of a curve, unless there are larger ones
const URGENCY = ["stuck", "working", "done"]; // attendees who need help come first, mere players last

/** Whom a row is about: an attendee, or a player who is none and may still have the name of one. */
export const keyOf = ({ member, name, id }) => (member ? `attendee ${name}` : `player ${id}`);

export class PeopleList {
  /** `pick` gets the row that was pressed. */
  constructor(pick) {
    this.pick = pick;
    this.chosen = ""; // a key
    this.lines = new Map(); // key → Line; a line stays, so that it keeps the keyboard's focus
  }

  /** A new table has come. */
  update(rows) {
    const sorted = [...rows].sort((a, b) => urgency(a) - urgency(b) || handSeconds(b) - handSeconds(a));
    const lines = new Map(sorted.map((row) => [keyOf(row), this.lines.get(keyOf(row)) ?? new Line(this)]));
    for (const row of sorted) lines.get(keyOf(row)).update(row);
    this.lines = lines;
    place([...lines.values()].map((line) => line.node));
    this.mark();
    $("#people table").hidden = lines.size === 0;
    $("#nobody").hidden = lines.size > 0;
    $("#summary").textContent = summary(rows);
  }

  /** Mark a row; null for none. */
  choose(row) {
    this.chosen = row ? keyOf(row) : "";
    this.mark();
  }

  mark() {
    for (const [key, line] of this.lines) line.mark(key === this.chosen);
  }
}

class Line {
  constructor(list) {
    this.values = { rtt: [], jitter: [] };
    this.node = element("tr");
    this.button = element("button", "name");
    this.button.type = "button";
    this.button.dir = "auto";
    this.cells = Array.from({ length: 7 }, () => element("td"));
    this.cells[0].append(this.button);
    this.node.append(...this.cells);
    this.node.onclick = () => list.pick(this.row);
  }

  update(row) {
    this.row = row;
    const [, step, state, rtt, jitter, link, quality] = this.cells;
    setText(this.button, row.player ? `${row.name} (${row.player})` : row.name);
    setText(step, row.step);
    setText(link, row.link);
    setText(quality, [row.quality, row.kind === "player" ? "" : row.kind].filter(Boolean).join(", "));
    quality.className = row.quality;
    showState(state, row);
    this.showNumber(rtt, "rtt");
    this.showNumber(jitter, "jitter");
  }

  mark(isChosen) {
    this.node.classList.toggle("chosen", isChosen);
    this.button.setAttribute("aria-pressed", String(isChosen));
  }

  showNumber(cell, key) {
    const values = (this.values[key] = [...this.values[key], this.row[key]].slice(-CURVE));
    if (!this.row[key]) cell.replaceChildren();
    else cell.replaceChildren(sparkline(values, Math.max(MOST[key], ...values)), `${this.row[key]} ms`);
  }
}

const urgency = ({ state }) => (URGENCY.includes(state) ? URGENCY.indexOf(state) : URGENCY.length);
const handSeconds = ({ state, seconds }) => (state === "stuck" ? seconds : 0);

/** Bring the lines into their order; moving a line would take the focus from it, so it is given back. */
function place(nodes) {
  const body = $("#people tbody");
  const isInOrder = nodes.length === body.children.length && nodes.every((node, index) => node === body.children[index]);
  if (isInOrder) return;
  const focused = document.activeElement;
  body.replaceChildren(...nodes);
  if (body.contains(focused)) focused.focus({ preventScroll: true });
}

function summary(rows) {
  const people = rows.filter((row) => row.kind !== "bot");
  const count = (state) => people.filter((row) => row.state === state).length;
  const stuck = count("stuck") ? `, ${count("stuck")} stuck` : "";
  return people.length ? `${people.length} here, ${count("done")} done${stuck}` : "";
}

function showState(cell, row) {
  cell.className = "words";
  cell.replaceChildren();
  const words = [minutesText(row.seconds), row.words].filter(Boolean).join(": ");
  if (row.state) cell.append(element("span", `state ${row.state}`, row.state), ` ${words}`);
}
