import { $, element } from "../page/dom.js";
import { fit } from "./fit.js";

/** Show the other games on this network, each in a line, and how many more there are. */
export function showOthers({ shown, more }) {
  const [box, lines] = [$("#others"), shown.map(gameLine)];
  if (more) lines.push(element("dd", "quiet", `and ${more} more`));
  const before = box.textContent;
  box.hidden = lines.length === 0;
  box.replaceChildren($("#others dt"), ...lines);
  if (box.textContent !== before) fit($("#join"));
}

function gameLine({ name, address, players, rooms }) {
  const line = element("dd");
  const inside = [rooms !== null && counted(rooms, "room"), counted(players, "player")].filter(Boolean);
  line.append(element("bdi", "", name), element("span", "", ` · ${address} · ${inside.join(", ")}`));
  return line;
}

const counted = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;
