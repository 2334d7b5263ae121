import { $, element } from "../page/dom.js";

/** Show the claims for old places, each with a button to agree. Equal claims keep their buttons, even pressed ones. */
export function showClaims(claims, orders) {
  const list = $("#claims ul");
  const shown = [...list.children].map((item) => item.firstChild.textContent);
  if (shown.join("\n") === claims.join("\n")) return;
  $("#claims").hidden = claims.length === 0;
  $("#claims-number").textContent = String(claims.length);
  list.replaceChildren(...claims.map((nickname) => claimItem(nickname, orders)));
}

function claimItem(nickname, orders) {
  const [item, button] = [element("li"), element("button", "main", "Agree")];
  button.type = "button";
  button.onclick = () => orders.orderClass({ do: "agree", nickname }, `${nickname} may come back.`);
  item.append(element("span", "", nickname), button);
  return item;
}
