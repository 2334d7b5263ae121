// The game for a phone or tablet: a stick, a button, and your own player predicted.

import { $ } from "./page/dom.js";
import { about, limitInputs, map } from "./page/told.js";
import { showLost, showTrouble } from "./page/trouble.js";
import { Controls } from "./play/controls.js";
import { goBack, goIn, isPlaying, setUpDoor, showPasswordField } from "./play/door.js";
import { Hud } from "./play/hud.js";
import { Player } from "./play/player.js";
import { Room } from "./wire/room.js";
import { DELAY, Motion } from "./world/motion.js";
import { View } from "./world/view.js";

const ACROSS = 620; // pixels of the map along the shorter side of the screen
const LONGEST_FRAME = 0.25; // seconds; a page that was hidden counts as this

const view = new View($("#world"), map);
const motion = new Motion(map.units);
const player = new Player(map);
const controls = new Controls(isPlaying);
const hud = new Hud();
let room;
let last = performance.now();

$("#room").textContent = document.title = about.name;
limitInputs();
setUpDoor(enter);
requestAnimationFrame(frame);

function enter(name, password) {
  room?.leave();
  room = new Room({ name, password }, about.wire);
  room
    .on("welcome", welcomed)
    .on("snapshot", takeSnapshot)
    .on("notice", (notice) => hud.tell(notice.text))
    .on("lost", showLost)
    .on("over", leave)
    .on("refused", refused);
  room.open();
}

function welcomed() {
  room.request({ type: "playing_as", kind: "phone" }).catch(() => {}); // the board shows it; nothing hangs on it
  player.forget();
  showTrouble("");
  goIn();
}

function takeSnapshot(snapshot) {
  motion.add(snapshot.tick / room.tickRate, room.state.players ?? {});
  player.reconcile(room, snapshot);
}

function refused(code, words) {
  if (code === "full") return; // a seat may become free
  if (code === "password") showPasswordField();
  leave(words);
}

function leave(words) {
  room.leave();
  goBack(words);
}

function frame(now) {
  const dt = Math.min((now - last) / 1000, LONGEST_FRAME);
  last = now;
  if (player.isIn(room)) {
    $("#take").classList.toggle("near", player.tick(room, dt, controls));
    draw();
  }
  requestAnimationFrame(frame);
}

function draw() {
  view.fit();
  const me = String(room.playerId);
  const place = player.place;
  const places = motion.at(room.time() - DELAY).set(me, place);
  const nameSize = 15 * Math.min(window.devicePixelRatio || 1, 2);
  view.draw(view.closeUp(place, ACROSS), room.state, places, { me, nameSize });
  hud.draw(room, player.scoreIn(room));
}
