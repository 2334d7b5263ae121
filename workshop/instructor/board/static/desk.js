// The desk, for the host's own screen. It has only buttons: the server itself checks every order.

import { markAddress, setUpAddress } from "./desk/address.js";
import { showClaims } from "./desk/claims.js";
import { Controls } from "./desk/controls.js";
import { Held } from "./desk/held.js";
import { Login } from "./desk/login.js";
import { Orders } from "./desk/orders.js";
import { PeopleList } from "./desk/people_list.js";
import { Person } from "./desk/person.js";
import { $, setText } from "./page/dom.js";
import { clockText } from "./page/round_words.js";
import { setUpTheme } from "./page/theme.js";
import { about, limitInputs } from "./page/told.js";
import { showLost, showTrouble } from "./page/trouble.js";
import { Room } from "./wire/room.js";

const CLOCK_MS = 500;
const room = new Room({ name: "Host", spectator: true }, about.wire);
const orders = new Orders(room);
const held = new Held(orders);
const person = new Person(orders, held, about.presets, (row) => list.choose(row));
const list = new PeopleList((row) => person.pick(row));
const controls = new Controls(room, orders, about);
const login = new Login(room, watch);

setUpTheme($("#theme"));
limitInputs();
setUpAddress(orders, about);
$("#room").textContent = about.name;
$("#slides").hidden = !about.slides;
room
  .on("welcome", welcomed)
  .on("table", takeTable)
  .on("room", () => controls.showPause())
  .on("lost", lost)
  .on("over", (words) => showTrouble(`${words} Reload this page to come back.`))
  .on("refused", (code, words) => login.refused(code, words));
login.begin();
setInterval(() => setText($("#clock"), clockText(room.round, room.secondsUntil(room.round?.ends_at))), CLOCK_MS);

function welcomed(frame) {
  showTrouble("");
  $("#room").textContent = frame.room;
  document.title = `Desk: ${frame.room}`;
  if (!frame.resumed) forgetNumbers();
  login.claim();
}

/** Another room, or another stay: nobody has the number that they had. */
function forgetNumbers() {
  held.drop("The room is another one");
  person.pick(null);
}

async function watch() {
  try {
    takeTable(await room.request({ type: "watch" }));
  } catch (error) {
    orders.problem(error.message);
  }
}

function lost(words, pause) {
  held.drop("The connection was lost");
  showLost(words, pause);
}

function takeTable(table) {
  list.update(table.rows);
  person.update(table.rows);
  controls.update(table);
  markAddress(table.address);
  showClaims(table.claims, orders);
}
