import { $, element, setText } from "../page/dom.js";
import { badge } from "../world/badge.js";

const BEST = 3; // players that are shown

/** Show the best players, each with the body that the map draws. */
export function showScores(players, map) {
  const list = $("#scores");
  const best = [...players].sort(byScore).slice(0, BEST);
  while (list.children.length > best.length) list.lastChild.remove();
  best.forEach((player, index) => {
    const [body, name, score] = (list.children[index] ?? list.appendChild(scoreLine())).children;
    showBody(body, player, map);
    setText(name, player.name);
    setText(score, String(player.score));
  });
}

const byScore = (a, b) => b.score - a.score || (a.name < b.name ? -1 : 1);

function showBody(place, player, map) {
  if (place.dataset.colour === String(player.colour)) return;
  place.dataset.colour = player.colour;
  place.replaceChildren(badge(map, player));
}

function scoreLine() {
  const item = element("li");
  item.append(element("i", "body"), element("span"), element("b"));
  return item;
}
