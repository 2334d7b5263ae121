// The part of the desk for one row of the table. Orders for a row or for everyone ask it whom they concern.

import { $ } from "../page/dom.js";

export class Chosen {
  /** `changed` is called when another row, or none, is picked. */
  constructor(orders, changed) {
    Object.assign(this, { orders, changed });
    this.row = null; // then it is everyone
    $("#rename").onsubmit = (event) => this.rename(event);
    $("#kick").onclick = () => this.kick();
    $("#forget").onclick = () => this.forget();
    $("#one-close").onclick = () => this.pick(null);
  }

  get name() {
    return this.row ? this.row.name : "everyone";
  }

  /** The player's id; 0 for everyone, and for an attendee who is not in the game. */
  get id() {
    return this.row?.id ?? 0;
  }

  pick(row) {
    this.row = row;
    $("#one").hidden = !row;
    $("#link-who").textContent = $("#one-name").textContent = this.name;
    $("#new-name").value = row ? row.name : "";
    for (const button of ["#kick", "#rename button"]) $(button).disabled = !this.id;
    $("#forget").disabled = !row?.member;
    this.changed();
  }

  /** A player who has left and come back is another player of the same name. */
  update(rows) {
    if (this.row) this.row = rows.find((row) => row.name === this.row.name) ?? this.row;
  }

  async rename(event) {
    event.preventDefault();
    const order = { do: "rename", player: this.id, text: $("#new-name").value };
    if (await this.orders.order(order, "Renamed.")) this.pick(null);
  }

  async kick() {
    if (await this.orders.command({ do: "kick", player: this.id }, `${this.name} is out.`)) this.pick(null);
  }

  forget() {
    this.orders.orderClass({ do: "forget", nickname: this.name }, `${this.name} is no longer in the class.`);
  }
}
