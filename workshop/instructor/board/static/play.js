// The game for a phone or tablet: a stick, a button, and one's own player predicted.

import { $, remember, remembered } from "./dom.js";
import { exact, Prediction } from "./prediction.js";
import { Room } from "./wire.js";
import { DELAY, Motion, View } from "./world.js";

const ACROSS = 620; // pixels of the map along the shorter side of the screen
const MOST_TICKS = 5; // in one frame: who was away does not catch up with a leap
const REACH = 736; // world units
const UNIT = 16;
const DEAD_ZONE = 0.18; // of the stick's radius
const KEYS = {
  ArrowLeft: [-1, 0], KeyA: [-1, 0], ArrowRight: [1, 0], KeyD: [1, 0],
  ArrowUp: [0, -1], KeyW: [0, -1], ArrowDown: [0, 1], KeyS: [0, 1],
};

const [about, map] = await Promise.all(["/room.json", "/map.json"].map(async (path) => (await fetch(path)).json()));
const view = new View($("#world"), map, map.palette);
const motion = new Motion();
const prediction = new Prediction(map);
const held = new Set();
let room;
let stick = [0, 0];
let taking = false;
let due = 0; // seconds that have passed and are not yet a tick
let last = performance.now();
let paused = "";

$("#room").textContent = document.title = about.name;
$("#name").value = remembered("name");
$("#enter").onsubmit = (event) => {
  event.preventDefault();
  enter($("#name").value.trim(), $("#password").value);
};
setUpStick($("#stick"));
setUpButton($("#take"));
addEventListener("keydown", (event) => document.body.dataset.playing === "yes" && press(event, true));
addEventListener("keyup", (event) => press(event, false));
addEventListener("blur", () => held.clear());
addEventListener("contextmenu", (event) => event.preventDefault());
requestAnimationFrame(frame);

function enter(name, password) {
  room?.leave();
  remember("name", name);
  room = new Room({ name, password });
  room
    .on("welcome", () => {
      prediction.forget();
      paused = "";
      say("");
      document.body.dataset.playing = "yes";
      document.activeElement?.blur();
    })
    .on("snapshot", (snapshot) => {
      motion.add(snapshot.tick / room.tickRate, room.state.players ?? {});
      if (me()) prediction.reconcile(me(), snapshot.last_input_seq ?? 0);
    })
    .on("room", (frame) => (paused = frame.paused ? frame.by || "the host" : ""))
    .on("notice", (frame) => note(frame.text))
    .on("lost", (words, pause) => say(`${words} Trying again in ${(pause / 1000).toFixed(1)} s …`))
    .on("over", (words) => back(words))
    .on("refused", (code, words) => {
      if (code === "full") return;
      $("#password-row").hidden &&= code !== "password";
      back(words);
    });
  room.open();
}

/** Back to the door, with the reason. */
function back(words) {
  room.leave();
  document.body.dataset.playing = "no";
  $("#problem").textContent = words;
}

const me = () => room?.state.players?.[room.playerId];

function frame(now) {
  const dt = Math.min((now - last) / 1000, 0.25);
  last = now;
  if (me() && prediction.place) {
    tick(dt);
    draw();
  }
  requestAnimationFrame(frame);
}

/** One input for each tick that has passed. */
function tick(dt) {
  due += dt * room.tickRate;
  const ticks = Math.min(Math.floor(due), MOST_TICKS);
  due -= Math.floor(due);
  const near = inReach();
  $("#take").classList.toggle("near", near);
  if (paused || !room.isOpen) return;
  for (let count = 0; count < ticks; count++) room.send(prediction.predict(exact(direction()), (taking || held.has("Space")) && near));
}

function direction() {
  let [x, y] = stick;
  for (const key of held) {
    x += KEYS[key]?.[0] ?? 0;
    y += KEYS[key]?.[1] ?? 0;
  }
  return [x, y];
}

function inReach() {
  const { x, y } = prediction.place;
  return Object.values(room.state.resources ?? {}).some((one) => (one.x - x) ** 2 + (one.y - y) ** 2 <= REACH * REACH);
}

function draw() {
  view.fit();
  const places = motion.at(room.time() - DELAY);
  const own = prediction.at(Math.min(due, 1)).map((units) => units / UNIT);
  places.set(String(room.playerId), own);
  const size = 15 * Math.min(window.devicePixelRatio || 1, 2);
  view.draw(view.closeUp(own, ACROSS), room.state, places, { me: String(room.playerId), nameSize: size });
  const round = Object.values(room.state.round ?? {})[0];
  setText($("#score"), String(me().score));
  setText($("#clock"), clock(round));
  setText($("#ping"), room.rtt ? `${Math.round(room.rtt)} ms` : "");
  const words = banner(round);
  if (words) setText($("#banner"), words);
  $("#banner").hidden = !words;
}

function clock(round) {
  if (!round || round.phase === "waiting") return "";
  const left = Math.max(0, Math.ceil(round.ends_at / room.tickRate - room.time()));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

function banner(round) {
  if (paused) return `Paused by ${paused}`;
  if (round?.phase === "countdown") return "Ready …";
  if (round?.phase === "over") return round.winner ? `${round.winner} won the round` : "Nobody scored";
  return noted;
}

let noted = "";
let noteTimer = 0;

/** Show what the server says for some seconds. */
function note(text) {
  noted = text;
  clearTimeout(noteTimer);
  noteTimer = setTimeout(() => (noted = ""), 3000);
}

function say(words) {
  $("#trouble").textContent = words;
  $("#trouble").hidden = !words;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function press(event, down) {
  if (!(event.code in KEYS) && event.code !== "Space") return;
  if (document.body.dataset.playing === "yes") event.preventDefault();
  if (down) held.add(event.code);
  else held.delete(event.code);
}

function setUpStick(pad) {
  const knob = pad.firstElementChild;
  const move = (event) => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    let [x, y] = [(event.clientX - left) / (width / 2) - 1, (event.clientY - top) / (height / 2) - 1];
    const length = Math.hypot(x, y);
    if (length > 1) [x, y] = [x / length, y / length];
    stick = length < DEAD_ZONE ? [0, 0] : [x, y];
    knob.style.transform = `translate(${x * 85}%, ${y * 85}%)`;
  };
  const end = () => {
    stick = [0, 0];
    knob.style.transform = "";
  };
  pad.onpointerdown = (event) => {
    pad.setPointerCapture(event.pointerId);
    move(event);
  };
  pad.onpointermove = (event) => pad.hasPointerCapture(event.pointerId) && move(event);
  pad.onpointerup = pad.onpointercancel = pad.onlostpointercapture = end;
}

function setUpButton(button) {
  const set = (down) => {
    taking = down;
    button.classList.toggle("down", down);
  };
  button.onpointerdown = (event) => {
    button.setPointerCapture(event.pointerId);
    set(true);
  };
  button.onpointerup = button.onpointercancel = button.onlostpointercapture = () => set(false);
}
