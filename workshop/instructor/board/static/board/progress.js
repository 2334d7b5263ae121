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
  fitProgress();
}

/** Leave out the steps' titles where they do not fit: a number is enough, and small letters are not. */
export function fitProgress() {
  const box = $("#progress");
  box.classList.remove("short");
  box.style.setProperty("--size", 1);
  box.classList.toggle("short", box.scrollHeight > box.clientHeight);
  fit(box);
}

function progressLine(row, isCurrent, members) {
  const [line, bar] = [element("li", isCurrent ? "current" : ""), element("progress")];
  Object.assign(bar, { max: Math.max(members, 1), value: row.through, ariaLabel: `Through step ${row.step}` });
  const stuck = row.stuck ? `, ${row.stuck} stuck` : "";
  const [number, ...title] = shortStep(row.step).split(" ");
  const step = element("span", "step", `Step ${number}`);
  step.append(element("span", "title", ` ${title.join(" ")}`), ": ");
  line.append(step, `${row.through} of ${members} through${stuck}`, bar);
  return line;
}
