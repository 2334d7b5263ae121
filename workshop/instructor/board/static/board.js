// The board, for the projector: how to join, the live game, the class, and what the host says. It commands nothing.

import { showBanner } from "./board/banner.js";
import { fit } from "./board/fit.js";
import { showAddress, showHowToJoin, showRoomName, showRound } from "./board/header.js";
import { showOthers } from "./board/others.js";
import { showPeople } from "./board/people.js";
import { fitProgress, showProgress } from "./board/progress.js";
import { showScores } from "./board/scores.js";
import { $ } from "./page/dom.js";
import { askAtDoor } from "./page/door.js";
import { remembered } from "./page/memory.js";
import { setUpTheme } from "./page/theme.js";
import { about, map } from "./page/told.js";
import { showLost, showTrouble } from "./page/trouble.js";
import { Room } from "./wire/room.js";
import { DELAY, Motion } from "./world/motion.js";
import { View } from "./world/view.js";

const CALM_MS = 1_000; // between two pictures for those who want less motion
const FITTED = ["#people", "#join"];
const room = new Room({ name: "Board", spectator: true, password: remembered("room password") }, about.wire);
const motion = new Motion(map.units);
const view = new View($("#map canvas"), map);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let table; // the newest
let since = 0; // when it came, in milliseconds

setUpTheme();
showHowToJoin(about);
room
  .on("welcome", welcomed)
  .on("snapshot", takeSnapshot)
  .on("table", takeTable)
  .on("room", () => showBanner(room, table, since))
  .on("lost", showLost)
  .on("over", (words) => showTrouble(`${words} Reload this page to come back.`))
  .on("refused", refused);
room.open();
setInterval(() => showBanner(room, table, since), 250);
const fitter = new ResizeObserver(() => {
  FITTED.forEach((part) => fit($(part)));
  fitProgress();
});
for (const part of [...FITTED, "#progress"]) fitter.observe($(part));
draw();

async function welcomed(frame) {
  showRoomName(frame.room);
  showTrouble("");
  try {
    takeTable(await room.request({ type: "watch" }));
  } catch (error) {
    showTrouble(error.message);
  }
}

function takeSnapshot(frame) {
  const players = room.state.players ?? {};
  motion.add(frame.tick / room.tickRate, players);
  showScores(Object.values(players), map);
}

function takeTable(frame) {
  [table, since] = [frame, performance.now()];
  const people = frame.rows.filter((row) => row.kind !== "bot");
  document.body.dataset.joining = people.length * 2 < frame.screen.expected ? "yes" : "no";
  showProgress(frame.progress, frame.screen.step, people.filter((row) => row.member).length);
  showPeople(frame.rows);
  showAddress(frame.address);
  showOthers(frame.others);
  showBanner(room, table, since);
}

async function refused(code, words) {
  if (code !== "password") return;
  room.leave();
  room.password = await askAtDoor(words);
  room.open();
}

function draw() {
  view.fit();
  const places = motion.at(room.time() - DELAY);
  view.draw(view.overview(), room.state, places, { nameSize: Math.max(12, view.canvas.height / 30) });
  showRound(room);
  if (calm.matches) setTimeout(draw, CALM_MS);
  else requestAnimationFrame(draw);
}
