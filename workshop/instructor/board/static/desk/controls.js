// What concerns the whole room: time, words, countdown, step, network, bots.

import { $, element } from "../page/dom.js";
import { durationText } from "../page/round_words.js";
import { askOnce } from "./ask_once.js";
import { LinkChoice, setLink } from "./link.js";

const MINUTES = [1, 5, 10, 15];
const JUST_MS = 1_000; // after which one has seen what another host has pressed

export class Controls {
  constructor(room, orders, about) {
    Object.assign(this, { room, orders, limits: about.limits, bots: 0, people: 0, isOurs: false, othersAt: -Infinity });
    this.link = new LinkChoice($("[data-link=all]"), about.presets, (numbers) => setLink(orders, 0, "everyone", numbers));
    this.setUpRound();
    this.setUpWords();
    this.setUpCountdown();
    this.setUpStep(about.steps);
    this.setUpPeople();
  }

  showPause() {
    const words = this.room.pausedBy ? "Go on" : "Pause";
    if ($("#pause").textContent === words) return;
    $("#pause").textContent = words;
    if (!this.isOurs) this.othersAt = performance.now();
    this.isOurs = false;
  }

  /** A new table has come. */
  update({ bots, link, rows, screen }) {
    this.bots = bots;
    this.people = rows.filter((row) => row.kind !== "bot").length;
    $("#bots").textContent = String(bots);
    $("#said").textContent = screen.word && `now: ${screen.word}`;
    $("#unsay").disabled = !screen.word;
    $("#countdown").textContent = countdownText(screen.countdown);
    this.link.mark(link);
    const current = [...$("#step").options].find((option) => option.text === screen.step);
    if (document.activeElement !== $("#step")) $("#step").value = current?.value ?? "";
    if (document.activeElement !== $("#expected")) $("#expected").value = screen.expected;
  }

  setUpRound() {
    $("#pause").onclick = () => this.pauseOrGoOn();
    const restart = () => this.orders.order({ do: "restart" }, "A new round begins.");
    askOnce($("#restart"), "Really? All scores go", restart);
  }

  pauseOrGoOn() {
    if (performance.now() - this.othersAt < JUST_MS) return this.orders.answer("Another host has just pressed it.");
    this.isOurs = true;
    if (this.room.pausedBy) return this.orders.command({ do: "start" }, "Time goes on.");
    return this.orders.command({ do: "pause" }, "Time stands still.");
  }

  setUpWords() {
    $("#say").onsubmit = (event) => this.say(event);
    $("#unsay").onclick = () => this.orders.orderBoard({ do: "say" }, "It is off the board.");
  }

  async say(event) {
    event.preventDefault();
    const text = $("#words").value;
    if (!text.trim()) return this.orders.problem("There is nothing to say yet: type some words first.");
    if (await this.orders.orderBoard({ do: "say", text }, "Said. It stays on the board until you take it off.")) $("#words").value = "";
    return undefined;
  }

  setUpCountdown() {
    for (const minutes of [...MINUTES, 0]) {
      const button = element("button", "", minutes ? `${minutes} min` : "Stop");
      button.type = "button";
      const done = minutes ? `${minutes} minutes, from now.` : "No countdown.";
      button.onclick = () => this.orders.orderBoard({ do: "countdown", number: 60 * minutes }, done);
      $("#minutes").append(button);
    }
  }

  setUpStep(steps) {
    for (const [id, words] of Object.entries(steps)) $("#step").append(new Option(words, id));
    $("#step").onchange = ({ target }) => {
      const done = target.value ? `We are on ${target.selectedOptions[0].text}.` : "We are on no step in particular.";
      return this.orders.orderBoard({ do: "step", text: target.value }, done);
    };
  }

  setUpPeople() {
    for (const button of document.querySelectorAll("[data-bots]")) {
      button.onclick = () => this.wantBots(this.bots + Number(button.dataset.bots));
    }
    $("#expected").onchange = ({ target }) => {
      const number = Math.min(Math.max(Math.round(Number(target.value)) || 0, 0), Number(target.max));
      return this.expect(number);
    };
    $("#all-here").onclick = () => this.expect(this.people);
  }

  expect(number) {
    return this.orders.orderBoard({ do: "expect", number }, `The board expects ${number} ${number === 1 ? "person" : "people"}.`);
  }

  wantBots(wanted) {
    const number = Math.min(Math.max(wanted, 0), this.limits.bots);
    this.bots = number; // a second press may come before the next table
    this.orders.ask({ type: "bots", number }, number ? `${number} bots are wanted.` : "No bots are wanted.");
  }
}

function countdownText(seconds) {
  if (seconds === null || seconds === undefined) return "";
  return seconds > 0 ? durationText(seconds) : "is over";
}
