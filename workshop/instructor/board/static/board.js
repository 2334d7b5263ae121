// The board: how to join, the live game, the scores, and the class. The host's desk is in desk/.

import { ClassTable } from "./board/class_table.js";
import { askAtDoor } from "./board/door.js";
import { showHowToJoin, showRoomName, showRound } from "./board/header.js";
import { showScores } from "./board/scores.js";
import { Desk } from "./desk/desk.js";
import { $ } from "./page/dom.js";
import { remembered } from "./page/memory.js";
import { setUpTheme } from "./page/theme.js";
import { about, limitInputs, map } from "./page/told.js";
import { showLost, showTrouble } from "./page/trouble.js";
import { Room } from "./wire/room.js";
import { DELAY, Motion } from "./world/motion.js";
import { View } from "./world/view.js";

const room = new Room({ name: "Board", spectator: true, password: remembered("room password") }, about.wire);
const motion = new Motion(map.units);
const view = new View($("#map canvas"), map);
const table = new ClassTable((row) => desk.pick(row));
const desk = new Desk(room, about.presets, (id) => table.choose(id));

setUpTheme($("#theme"));
limitInputs();
showHowToJoin(about);
room
  .on("welcome", welcomed)
  .on("snapshot", takeSnapshot)
  .on("table", takeTable)
  .on("room", () => desk.told())
  .on("lost", showLost)
  .on("over", (words) => showTrouble(`${words} Reload this page to come back.`))
  .on("refused", refused);
room.open();
requestAnimationFrame(draw);

function welcomed(frame) {
  showRoomName(frame.room);
  showTrouble("");
  if (!frame.resumed) desk.told();
  room.request({ type: "watch" }).catch((error) => showTrouble(error.message));
}

function takeSnapshot(frame) {
  const players = room.state.players ?? {};
  motion.add(frame.tick / room.tickRate, players);
  showScores(Object.values(players), map.colours);
}

function takeTable(frame) {
  table.update(frame.rows);
  desk.update(frame);
}

async function refused(code, words) {
  if (code !== "password") return;
  room.leave();
  room.password = await askAtDoor(words);
  room.open();
}

function draw() {
  view.fit();
  const nameSize = Math.max(12, view.canvas.height / 42);
  const places = motion.at(room.time() - DELAY);
  view.draw(view.overview(), room.state, places, { me: String(table.chosen), nameSize });
  showRound(room);
  requestAnimationFrame(draw);
}
