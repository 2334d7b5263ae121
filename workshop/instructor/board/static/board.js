// The board: how to join, the game live, scores, and who is where. The host's desk is in desk.js.

import { openDesk } from "./desk.js";
import { $, askAtDoor, element, remembered, sparkline, themeButton } from "./dom.js";
import { Room } from "./wire.js";
import { DELAY, Motion, View } from "./world.js";

const CURVE = 40; // values of a curve
const PAGE_MS = 7_000; // for which a page of a long table is shown
const CROWD = 10; // people from which on the table gets more room than the map
const PHASES = { waiting: "waiting for players", countdown: "ready …", playing: "round", over: "round over" };

const [about, map] = await Promise.all(["/room.json", "/map.json"].map(async (path) => (await fetch(path)).json()));
const room = new Room({ name: "Board", spectator: true, password: remembered("room password") });
const motion = new Motion();
const view = new View($("#map canvas"), map, map.palette);
const curves = new Map(); // name → {rtt: [], jitter: []}
let table = { rows: [], claims: [], bots: 0 };
let chosen = 0;

themeButton($("#theme"));
showHowToJoin();
const desk = openDesk(room, {
  presets: about.presets,
  table: () => table,
  choose: (id) => {
    chosen = id;
    showTable();
  },
});

room
  .on("welcome", (frame) => {
    $("#room").textContent = document.title = frame.room;
    trouble("");
    room.request({ type: "watch" }).catch((error) => trouble(error.message));
  })
  .on("snapshot", (frame) => {
    motion.add(frame.tick / room.tickRate, room.state.players ?? {});
    showScores();
  })
  .on("table", (frame) => {
    table = { ...frame, rows: inOrder(frame.rows) };
    for (const row of frame.rows) remember(row);
    showTable();
    desk.update();
  })
  .on("room", (frame) => desk.told(frame))
  .on("lost", (words, pause) => trouble(`${words} Trying again in ${(pause / 1000).toFixed(1)} s …`))
  .on("over", (words) => trouble(`${words} Reload this page to come back.`))
  .on("refused", async (code, words) => {
    if (code !== "password") return;
    room.leave();
    room.password = await askAtDoor(words);
    room.open();
  });
room.open();
requestAnimationFrame(draw);
setInterval(turnPage, PAGE_MS);

function draw() {
  view.fit();
  const state = room.state;
  const places = motion.at(room.time() - DELAY);
  const size = Math.max(12, view.canvas.height / 42);
  view.draw(view.overview(), state, places, { me: String(chosen), nameSize: size });
  showClock(Object.values(state.round ?? {})[0]);
  requestAnimationFrame(draw);
}

function showHowToJoin() {
  $("#command").textContent = about.command;
  $("#play-url").textContent = about.play;
  $("#slides").hidden = !about.slides;
  $("#room").textContent = document.title = about.name;
}

function trouble(words) {
  $("#trouble").textContent = words;
  $("#trouble").hidden = !words;
}

function showClock(round) {
  const paused = desk.paused();
  const phase = paused ? `paused by ${paused}` : PHASES[round?.phase] ?? "";
  setText($("#phase"), round?.phase === "playing" && !paused ? `round ${round.number}` : phase);
  const left = Math.max(0, (round?.ends_at ?? 0) / room.tickRate - room.time());
  const shown = round && round.phase !== "waiting" ? Math.ceil(paused ? Math.max(0, (round.ends_at - room.tick) / room.tickRate) : left) : 0;
  setText($("#clock"), round && round.phase !== "waiting" ? `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}` : "");
  const banner = round?.phase === "over" ? (round.winner ? `${round.winner} won the round` : "Nobody scored") : "";
  setText($("#banner"), banner);
  $("#banner").hidden = !banner;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function showScores() {
  const players = Object.values(room.state.players ?? {}).sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  const list = $("#scores ol");
  while (list.children.length > players.length) list.lastChild.remove();
  players.forEach((player, index) => {
    const item = list.children[index] ?? list.appendChild(scoreLine());
    item.children[0].style.background = map.palette[player.colour % map.palette.length];
    setText(item.children[1], player.name);
    setText(item.children[2], String(player.score));
  });
}

function scoreLine() {
  const item = element("li");
  item.append(element("i", "dot"), element("span"), element("b"));
  return item;
}

function remember(row) {
  const kept = curves.get(row.name) ?? { rtt: [], jitter: [] };
  curves.set(row.name, kept);
  for (const key of ["rtt", "jitter"]) kept[key] = [...kept[key], row[key] ?? 0].slice(-CURVE);
}

function showTable() {
  const rows = table.rows.map(tableRow);
  $("#people tbody").replaceChildren(...rows);
  document.body.classList.toggle("crowded", rows.length > CROWD);
  $("#people table").hidden = rows.length === 0;
  $("#nobody").hidden = rows.length > 0;
  const count = (state) => table.rows.filter((row) => row.state === state).length;
  const stuck = count("stuck") ? `, ${count("stuck")} stuck` : "";
  $("#summary").textContent = rows.length ? `${rows.length} here, ${count("done")} done${stuck}` : "";
}

/** Who needs somebody first; then who works, who is done, and who only plays. */
function inOrder(rows) {
  const urgency = (row) => ["stuck", "working", "done"].indexOf(row.state) >>> 0;
  return [...rows].sort((a, b) => urgency(a) - urgency(b));
}

/** A projector has nobody who scrolls: show a long table page by page, unless a mouse is on it. */
function turnPage() {
  const box = $("#people .scroll");
  if (box.matches(":hover")) return;
  const page = box.clientHeight - $("#people thead").clientHeight;
  const isEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
  box.scrollTo({ top: isEnd ? 0 : box.scrollTop + page, behavior: "smooth" });
}

function tableRow(row) {
  const line = element("tr", row.id && row.id === chosen ? "chosen" : "");
  const curve = curves.get(row.name) ?? { rtt: [], jitter: [] };
  line.append(element("td", "", row.name), element("td", "", row.step), stateCell(row));
  line.append(numberCell(curve.rtt, row.rtt, 300), numberCell(curve.jitter, row.jitter, 80));
  line.append(element("td", "", row.link), element("td", row.quality, row.quality));
  line.onclick = () => desk.pick(row);
  return line;
}

function stateCell(row) {
  const cell = element("td", "words");
  if (row.state) cell.append(element("span", `state ${row.state}`, row.state), ` ${row.words || row.since}`);
  return cell;
}

function numberCell(values, newest, most) {
  const cell = element("td");
  if (newest) cell.append(sparkline(values, Math.max(most, ...values)), `${newest} ms`);
  return cell;
}
