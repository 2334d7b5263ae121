import { $, element } from "../page/dom.js";

let shown = "";

/** Show who wants an old place, each with a button by which the host agrees; a button that is pressed stays. */
export function showClaims(claims, orders) {
  if (claims.join("\n") === shown) return;
  shown = claims.join("\n");
  $("#claims").hidden = claims.length === 0;
  $("#claims ul").replaceChildren(...claims.map((nickname) => claimItem(nickname, orders)));
}

function claimItem(nickname, orders) {
  const [item, button] = [element("li"), element("button", "main", "Agree")];
  button.type = "button";
  button.onclick = () => orders.orderClass({ do: "agree", nickname }, `${nickname} may come back.`);
  item.append(element("span", "", nickname), button);
  return item;
}
