import { element } from "../page/dom.js";

const NUMBERS = [["Latency", 60_000, 10, "ms"], ["Jitter", 60_000, 5, "ms"], ["Loss", 99, 0.5, "%"]]; // most, step

/** The network that the server simulates: presets, of which the one in force is marked, and numbers. */
export class LinkChoice {
  /** `set` gets latency and jitter in milliseconds, and loss in per cent. */
  constructor(box, presets, set) {
    this.presets = presets;
    this.inputs = NUMBERS.map(([, most, step]) => numberInput(most, step));
    this.buttons = new Map(Object.keys(presets).map((name) => [name, this.button(name, set)]));
    const row = element("div", "row presets");
    row.append(...this.buttons.values());
    box.append(row, this.numbers(set));
  }

  /** Mark what is in force; `words` are the server's, empty for nothing. */
  mark(words) {
    const isNews = words !== this.words;
    this.words = words;
    for (const [name, button] of this.buttons) {
      const isInForce = this.presets[name].words === words;
      button.setAttribute("aria-pressed", String(isInForce));
      if (isInForce && isNews) this.fill(this.presets[name].numbers);
    }
  }

  fill(numbers) {
    this.inputs.forEach((input, index) => (input.value = numbers[index]));
  }

  button(name, set) {
    const button = element("button", "", name);
    button.type = "button";
    button.onclick = () => {
      this.fill(this.presets[name].numbers);
      set(this.presets[name].numbers);
    };
    return button;
  }

  numbers(set) {
    const form = element("form", "row numbers");
    this.inputs.forEach((input, index) => {
      const [name, , , unit] = NUMBERS[index];
      const label = element("label", "", `${name} `);
      label.append(input, ` ${unit}`);
      form.append(label);
    });
    form.append(element("button", "", "Set"));
    form.onsubmit = (event) => {
      event.preventDefault();
      set(this.inputs.map((input) => Number(input.value) || 0));
    };
    return form;
  }
}

function numberInput(max, step) {
  return Object.assign(element("input"), { type: "number", min: 0, max, step, value: 0 });
}

/** Let the server simulate a network for one player, or with the number 0 for everyone. */
export function setLink(orders, player, name, [latency, jitter, loss]) {
  const isPerfect = !latency && !jitter && !loss;
  const done = isPerfect ? `A perfect link for ${name}.` : `${latency} ± ${jitter} ms, ${loss} % loss for ${name}, now.`;
  const link = { latency: latency / 1000, jitter: jitter / 1000, loss: loss / 100 };
  return orders.command({ do: "link", player, ...link }, done);
}
