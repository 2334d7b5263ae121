import { $, element } from "../page/dom.js";
import { shortStep } from "../page/round_words.js";
import { fit } from "./fit.js";

const MOST = 5; // steps that are shown: the one that the class is on, and those with most people

/** Show how far the class of so many attendees is, step by step. */
export function showProgress(progress, current, members) {
  const weight = (row) => (row.step === current ? Infinity : row.here);
  const shown = [...progress].sort((a, b) => weight(b) - weight(a)).slice(0, MOST);
  const inOrder = progress.filter((row) => shown.includes(row));
  $("#progress").hidden = inOrder.length === 0;
  $("#progress ul").replaceChildren(...inOrder.map((row) => progressLine(row, row.step === current, members)));
  fit($("#progress"));
}

function progressLine(row, isCurrent, members) {
  const [line, bar] = [element("li", isCurrent ? "current" : ""), element("progress")];
  Object.assign(bar, { max: Math.max(members, 1), value: row.through, ariaLabel: `Through step ${row.step}` });
  const stuck = row.stuck ? `, ${row.stuck} stuck` : "";
  line.append(element("span", "step", `Step ${shortStep(row.step)}: `), `${row.through} of ${members} through${stuck}`, bar);
  return line;
}
