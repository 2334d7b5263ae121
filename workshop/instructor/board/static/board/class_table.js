// The table of attendees and players: their progress, and the quality of their connections.

import { $, element } from "../page/dom.js";
import { sparkline } from "./sparkline.js";

const CURVE = 40; // values of a curve
const MOST = { rtt: 300, jitter: 80 }; // milliseconds at the upper edge of a curve, unless there are larger ones
const PAGE_MS = 7_000; // for which a page of a long table is shown
const CROWD = 10; // people from which on the table gets more room than the map
const URGENCY = ["stuck", "working", "done"]; // attendees who need help come first, mere players last

export class ClassTable {
  /** `pick` gets the row that was clicked. */
  constructor(pick) {
    this.pick = pick;
    this.rows = [];
    this.chosen = 0; // a player's id
    this.curves = new Map(); // name → {rtt: [], jitter: []}
    setInterval(turnPage, PAGE_MS);
  }

  /** A new table has come. */
  update(rows) {
    this.rows = [...rows].sort((a, b) => urgency(a) - urgency(b));
    for (const row of rows) this.remember(row);
    this.show();
  }

  /** Mark the row of a player. */
  choose(id) {
    this.chosen = id;
    this.show();
  }

  show() {
    const lines = this.rows.map((row) => this.line(row));
    $("#people tbody").replaceChildren(...lines);
    document.body.classList.toggle("crowded", lines.length > CROWD);
    $("#people table").hidden = lines.length === 0;
    $("#nobody").hidden = lines.length > 0;
    $("#summary").textContent = summary(this.rows);
  }

  remember(row) {
    const kept = this.curves.get(row.name) ?? { rtt: [], jitter: [] };
    this.curves.set(row.name, kept);
    for (const key of ["rtt", "jitter"]) kept[key] = [...kept[key], row[key] ?? 0].slice(-CURVE);
  }

  line(row) {
    const line = element("tr", row.id && row.id === this.chosen ? "chosen" : "");
    line.append(element("td", "", row.name), element("td", "", row.step), stateCell(row));
    line.append(this.numberCell(row, "rtt"), this.numberCell(row, "jitter"));
    line.append(element("td", "", row.link), element("td", row.quality, row.quality));
    line.onclick = () => this.pick(row);
    return line;
  }

  numberCell(row, key) {
    const cell = element("td");
    const values = this.curves.get(row.name)[key];
    if (row[key]) cell.append(sparkline(values, Math.max(MOST[key], ...values)), `${row[key]} ms`);
    return cell;
  }
}

const urgency = ({ state }) => (URGENCY.includes(state) ? URGENCY.indexOf(state) : URGENCY.length);

function summary(rows) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  const stuck = count("stuck") ? `, ${count("stuck")} stuck` : "";
  return rows.length ? `${rows.length} here, ${count("done")} done${stuck}` : "";
}

function stateCell(row) {
  const cell = element("td", "words");
  if (row.state) cell.append(element("span", `state ${row.state}`, row.state), ` ${row.words || row.since}`);
  return cell;
}

/** Nobody scrolls on a projector, so show a long table page by page, unless a mouse is on it. */
function turnPage() {
  const box = $("#people .scroll");
  if (box.matches(":hover")) return;
  const page = box.clientHeight - $("#people thead").clientHeight;
  const isEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
  box.scrollTo({ top: isEnd ? 0 : box.scrollTop + page, behavior: "smooth" });
}
