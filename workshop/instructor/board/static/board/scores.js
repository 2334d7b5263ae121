import { $, element, setText } from "../page/dom.js";
import { playerColour } from "../world/sprites.js";

const BEST = 3; // players that are shown

/** Show the best players. */
export function showScores(players, colours) {
  const list = $("#scores");
  const best = [...players].sort(byScore).slice(0, BEST);
  while (list.children.length > best.length) list.lastChild.remove();
  best.forEach((player, index) => {
    const [dot, name, score] = (list.children[index] ?? list.appendChild(scoreLine())).children;
    dot.style.background = playerColour(colours, player);
    setText(name, player.name);
    setText(score, String(player.score));
  });
}

const byScore = (a, b) => b.score - a.score || (a.name < b.name ? -1 : 1);

function scoreLine() {
  const item = element("li");
  item.append(element("i", "dot"), element("span"), element("b"));
  return item;
}
