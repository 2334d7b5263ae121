import { $, element } from "../page/dom.js";

const FIELDS = ["#latency", "#jitter", "#loss"]; // milliseconds, milliseconds, per cent

/** The network that the server simulates, for the chosen row or for everyone. */
export function setUpLink(orders, chosen, presets) {
  const set = () => setLink(orders, chosen, FIELDS.map((field) => Number($(field).value) || 0));
  $("#link").onclick = set;
  for (const [name, numbers] of Object.entries(presets)) {
    const button = element("button", "", name);
    button.type = "button";
    button.onclick = () => {
      FIELDS.forEach((field, index) => ($(field).value = numbers[index]));
      set();
    };
    $("#presets").append(button);
  }
}

function setLink(orders, { row, id, name }, [latency, jitter, loss]) {
  if (row && !id) return orders.problem(`${name} is not in the game.`);
  const isPerfect = !latency && !jitter && !loss;
  const done = isPerfect ? `A perfect link for ${name}.` : `${latency} ± ${jitter} ms, ${loss} % loss for ${name}, now.`;
  const link = { latency: latency / 1000, jitter: jitter / 1000, loss: loss / 100 };
  return orders.command({ do: "link", player: id, ...link }, done);
}
