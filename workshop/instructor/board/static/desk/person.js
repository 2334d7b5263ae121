// The panel for one row of the list.

import { $ } from "../page/dom.js";
import { minutesText } from "../page/round_words.js";
import { LinkChoice, setLink } from "./link.js";
import { keyOf } from "./people_list.js";

export class Person {
  /** `changed` gets the row that is picked, or null. */
  constructor(orders, held, presets, changed) {
    Object.assign(this, { orders, held, changed });
    this.row = null;
    this.link = new LinkChoice($("[data-link=one]"), presets, (numbers) => this.setLink(numbers));
    $("#rename").onsubmit = (event) => this.rename(event);
    $("#lower").onclick = () => this.lower();
    $("#kick").onclick = () => this.kick();
    $("#forget").onclick = () => this.forget();
    $("#one-close").onclick = () => this.pick(null);
    addEventListener("keydown", (event) => event.key === "Escape" && this.pick(null));
  }

  pick(row) {
    this.row = row;
    this.changed(row);
    if (row) this.open();
    else this.close();
  }

  open() {
    if (!$("#one").contains(document.activeElement)) this.before = document.activeElement;
    $("#new-name").value = this.row.name;
    $("#one").hidden = false;
    this.show();
    $("#one").scrollIntoView({ block: "nearest" });
    $("#one-close").focus();
  }

  /** The keyboard goes back to where it was. */
  close() {
    const isInside = $("#one").contains(document.activeElement);
    $("#one").hidden = true;
    if (isInside) this.before?.focus();
  }

  /** An attendee may get another name, a player join the class; a player who comes back is another of the same name. */
  update(rows) {
    if (!this.row) return;
    const before = this.row;
    const find = (isIt) => rows.find(isIt);
    this.row =
      find((row) => keyOf(row) === keyOf(before)) ??
      find((row) => row.id && row.id === before.id) ??
      find((row) => !row.member && !before.member && row.name === before.name);
    if (this.row) return this.show();
    this.orders.problem(`${before.name} is not here any more.`);
    return this.pick(null);
  }

  show() {
    const { name, id, member, step, state, words, seconds, link } = this.row;
    $("#one-name").textContent = name;
    $("#one-state").textContent = [step, state, words, state && minutesText(seconds)].filter(Boolean).join(" · ");
    $("#lower").disabled = state !== "stuck";
    $("#forget").disabled = !member;
    for (const part of document.querySelectorAll("#kick, [data-link=one]")) part.disabled = !id;
    this.link.mark(id ? link : null);
  }

  setLink(numbers) {
    return setLink(this.orders, this.row.id, this.row.name, numbers);
  }

  /** An attendee is renamed in the class, and whoever plays, in the game. */
  async rename(event) {
    event.preventDefault();
    const [text, { name, id, member }] = [$("#new-name").value, this.row];
    if (member && !(await this.orders.orderClass({ do: "rename", nickname: name, text }, "Renamed."))) return;
    if (!id || (await this.orders.order({ do: "rename", player: id, text }, "Renamed."))) this.pick(null);
  }

  lower() {
    const { name } = this.row;
    return this.orders.orderClass({ do: "lower", nickname: name }, `The hand of ${name} is down.`);
  }

  kick() {
    const { name, id } = this.row;
    this.held.hold(`Kick ${name}`, () => this.orders.command({ do: "kick", player: id }, `${name} is out.`));
  }

  forget() {
    const { name } = this.row;
    const order = () => this.orders.orderClass({ do: "forget", nickname: name }, `${name} is no longer in the class.`);
    this.held.hold(`Forget ${name}`, order);
  }
}
