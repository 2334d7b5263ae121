import { svg } from "../page/dom.js";
import { playerColour } from "./sprites.js";

/** A player's body as the map draws it, for a list; `map` is `/map.json`. */
export function badge(map, player) {
  const { colours, outlines, dot, dots } = map;
  const corners = outlines[player.colour % outlines.length];
  const paint = { fill: playerColour(colours, player), stroke: colours.ink, "stroke-width": 0.25, "stroke-linejoin": "round" };
  const made = svg("svg", { class: "badge", viewBox: "-1.5 -1.5 3 3", "aria-hidden": "true" });
  made.append(corners.length ? svg("polygon", { points: corners.join(" "), ...paint }) : svg("circle", { r: 1, ...paint }));
  for (const [cx, cy] of dots[player.colour % dots.length]) {
    made.append(svg("circle", { cx, cy, r: dot, fill: colours.ink, stroke: colours.paper, "stroke-width": 0.1 }));
  }
  return made;
}
