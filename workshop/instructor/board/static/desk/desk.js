// The host's desk on the board. It has only buttons: the server itself checks every command.

import { $ } from "../page/dom.js";
import { Chosen } from "./chosen.js";
import { showClaims } from "./claims.js";
import { setUpLink } from "./link.js";
import { setUpLogin } from "./login.js";
import { Orders } from "./orders.js";

export class Desk {
  /**
   * @param {Room} room which the host commands
   * @param {object} presets of the simulated network: name → [latency, jitter, loss]
   * @param {(id: number) => void} choose gets the player of the chosen row; 0 for none
   */
  constructor(room, presets, choose) {
    Object.assign(this, { room, choose, bots: 0 });
    this.orders = new Orders(room);
    this.chosen = new Chosen(this.orders, () => this.changed());
    setUpLink(this.orders, this.chosen, presets);
    setUpLogin(room, () => this.entered());
    this.setUpWindow();
    this.setUpRound();
    this.setUpBots();
  }

  /** A row was clicked. */
  pick(row) {
    if (this.room.isHost) this.chosen.pick(row);
  }

  /** The room has said whether we are its host, and whether time stands still. */
  told() {
    $("#pause").textContent = this.room.pausedBy ? "Go on" : "Pause";
    if (!this.room.isHost) this.show(false);
  }

  /** A new table has come. */
  update({ rows, claims = [], bots }) {
    this.bots = bots;
    $("#bots").textContent = String(bots);
    this.chosen.update(rows);
    showClaims(claims, this.orders);
  }

  show(visible) {
    $("#desk").hidden = !visible;
    document.body.classList.toggle("hosting", this.room.isHost);
  }

  entered() {
    this.room.isHost = true; // the room's own words about it may come later
    this.show(true);
  }

  changed() {
    this.choose(this.chosen.id);
    this.show(true);
  }

  setUpWindow() {
    $("#host-open").onclick = () => (this.room.isHost ? this.show($("#desk").hidden) : $("#login").showModal());
    $("#desk-close").onclick = () => this.show(false);
  }

  setUpRound() {
    $("#pause").onclick = () => this.pauseOrGoOn();
    $("#restart").onclick = () => this.orders.order({ do: "restart" }, "A new round begins.");
    $("#say").onsubmit = (event) => this.say(event);
  }

  pauseOrGoOn() {
    if (this.room.pausedBy) return this.orders.command({ do: "start" }, "Time goes on.");
    return this.orders.command({ do: "pause" }, "Time stands still.");
  }

  async say(event) {
    event.preventDefault();
    if (await this.orders.order({ do: "say", text: $("#words").value }, "Said.")) $("#words").value = "";
  }

  setUpBots() {
    for (const button of document.querySelectorAll("[data-bots]")) {
      button.onclick = () => this.wantBots(this.bots + Number(button.dataset.bots));
    }
  }

  wantBots(wanted) {
    const number = Math.max(wanted, 0);
    this.orders.ask({ type: "bots", number }, number ? `${number} bots are wanted.` : "No bots are wanted.");
  }
}
