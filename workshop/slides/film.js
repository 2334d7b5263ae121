/* The films: positions of the real game, played while their slide is shown. One that does not play, on paper or
   for those who want less motion, is a still picture: where everybody was, over time or on the map. */
const WIDE = 1152, HIGH = 430, SHARP = 2; // pixels of a picture, and how many of the screen's each has
const GAP = 14, TITLE = 42, FOOT = 44, BODY = 14; // pixels; BODY is half a player, on the map
const TRAIL = 40; // frames
const GROUND = "#11161f", INK = "#f2f5f9", QUIET = "#a9b6c6", RAISED = "#1b2330", WALL = "#3a4759", GEM = "#ff8fb8";
const LOOKS = { mouse: QUIET, asleep: "#8793a3", other: "#8fe3b0", ring: "#ffc46b", player: "#5cc8ff" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function boxesOf(count, stacked) {
  const wide = stacked ? WIDE : (WIDE - GAP * (count - 1)) / count;
  const high = stacked ? (HIGH - FOOT - GAP * (count - 1)) / count : HIGH - FOOT;
  return Array.from({ length: count }, (_, place) => ({
    left: stacked ? 0 : place * (wide + GAP),
    top: stacked ? place * (high + GAP) : 0,
    wide,
    high,
  }));
}

class Film {
  constructor(holder) {
    this.canvas = holder.querySelector("canvas");
    this.button = holder.querySelector("button");
    this.film = JSON.parse(this.canvas.dataset.film);
    const [left, top, right, bottom] = this.film.view;
    this.isCorridor = right - left > 3 * (bottom - top); // all run to the left and right alone
    this.time = 0; // seconds of the film
    this.button.addEventListener("click", () => (this.playing ? this.stop() : this.play()));
    this.button.addEventListener("keydown", (event) => {
      if (event.key === " " || event.key === "Enter") event.stopPropagation(); // or the slides go on
    });
  }

  play() {
    this.playing = true;
    this.button.textContent = "Pause";
    let last;
    const next = (now) => {
      if (!this.playing) return;
      this.time += (now - (last ?? now)) / 1000;
      last = now;
      this.drawFrame();
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  stop() {
    this.playing = false;
    this.button.textContent = "Play";
  }

  get frame() {
    return Math.floor(this.time * this.film.rate) % this.film.frames;
  }

  begin() {
    const { canvas } = this;
    if (canvas.width !== WIDE * SHARP) [canvas.width, canvas.height] = [WIDE * SHARP, HIGH * SHARP];
    const pen = canvas.getContext("2d");
    pen.setTransform(SHARP, 0, 0, SHARP, 0, 0);
    pen.fillStyle = GROUND; // clearing would take the text around it off the paper
    pen.fillRect(0, 0, WIDE, HIGH);
    pen.font = '600 26px system-ui, "Segoe UI", Helvetica, Arial, sans-serif';
    return pen;
  }

  drawFrame() {
    const pen = this.begin();
    boxesOf(this.film.lanes.length, this.isCorridor).forEach((box, place) => {
      this.drawLane(pen, box, this.film.lanes[place], this.frame, TRAIL);
    });
    const said = this.film.captions.filter(([from]) => from <= this.frame).pop();
    this.foot(pen, said ? said[1] : "");
    pen.fillStyle = LOOKS.ring;
    pen.fillRect(0, HIGH - 4, (WIDE * this.frame) / this.film.frames, 4);
  }

  drawStill() {
    const pen = this.begin();
    boxesOf(this.film.lanes.length, false).forEach((box, place) => {
      const lane = this.film.lanes[place];
      if (this.isCorridor) this.drawCurve(pen, box, lane);
      else this.drawLane(pen, box, lane, this.film.frames - 1, this.film.frames);
    });
    this.foot(pen, this.isCorridor ? "where they are drawn, over time →" : "where they were drawn");
  }

  foot(pen, words) {
    pen.fillStyle = LOOKS.ring;
    pen.fillText(words, 4, HIGH - 15);
  }

  lane(pen, box, label) {
    pen.fillStyle = RAISED;
    pen.beginPath();
    pen.roundRect(box.left, box.top, box.wide, box.high, 12);
    pen.fill();
    pen.fillStyle = INK;
    pen.fillText(label, box.left + 16, box.top + 31, box.wide - 32);
  }

  drawLane(pen, box, lane, frame, trail) {
    this.lane(pen, box, lane.label);
    const [left, top, right, bottom] = this.film.view;
    const high = box.high - TITLE - 6;
    const scale = Math.min((box.wide - 12) / (right - left), high / (bottom - top));
    pen.save();
    pen.translate(box.left + (box.wide - scale * (right - left)) / 2, box.top + TITLE);
    pen.translate(0, (high - scale * (bottom - top)) / 2);
    pen.scale(scale, scale);
    pen.translate(-left, -top);
    pen.beginPath();
    pen.rect(left, top, right - left, bottom - top);
    pen.clip();
    const size = Math.max(1, 0.6 / scale); // a whole map is small; who runs there is not
    this.drawMap(pen, lane, frame, size);
    for (const look of Object.keys(LOOKS)) {
      if (lane.tracks[look]) this.drawTrack(pen, look, lane.tracks[look], frame, trail, size);
    }
    pen.restore();
  }

  drawMap(pen, lane, frame, size) {
    pen.fillStyle = WALL;
    for (const [left, top, right, bottom] of this.film.walls) pen.fillRect(left, top, right - left, bottom - top);
    pen.fillStyle = GEM;
    for (const [x, y, from, to] of lane.things) {
      if (from > frame || to <= frame) continue;
      pen.beginPath();
      for (const [dx, dy] of [[0, -18], [14, 0], [0, 18], [-14, 0]]) pen.lineTo(x + size * dx, y + size * dy);
      pen.fill();
    }
  }

  drawTrack(pen, look, track, frame, trail, size) {
    const at = (place) => [track[2 * place], track[2 * place + 1]];
    pen.fillStyle = pen.strokeStyle = LOOKS[look];
    for (let place = Math.max(0, frame - trail); place < frame; place += 2) {
      pen.globalAlpha = look === "player" || look === "other" ? 0.5 : 0;
      if (at(place)[0] >= 0) this.dot(pen, at(place), 3 * size);
    }
    pen.globalAlpha = 1;
    pen.lineWidth = 4 * size;
    if (at(frame)[0] < 0) return;
    if (look === "ring" || look === "mouse") this.circle(pen, at(frame), look === "ring" ? BODY + 4 : 5);
    else this.dot(pen, at(frame), BODY * size);
    if (look !== "asleep") return;
    pen.fillStyle = RAISED;
    pen.fillText("z", at(frame)[0] - 7, at(frame)[1] + 7);
  }

  circle(pen, [x, y], radius) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }

  dot(pen, [x, y], radius) {
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
  }

  drawCurve(pen, box, lane) {
    this.lane(pen, box, lane.label);
    const [left, , right] = this.film.view;
    const high = box.high - TITLE - 12;
    for (const look of Object.keys(LOOKS)) {
      pen.strokeStyle = LOOKS[look];
      pen.lineWidth = look === "mouse" ? 1.5 : 3;
      pen.beginPath();
      (lane.tracks[look] ?? []).forEach((x, place) => {
        if (place % 2 || x < 0) return;
        const across = box.left + 10 + ((box.wide - 20) * place) / 2 / this.film.frames;
        pen.lineTo(across, box.top + TITLE + (high * (right - x)) / (right - left));
      });
      pen.stroke();
    }
  }
}

const films = Array.from(document.querySelectorAll(".film"), (holder) => new Film(holder));
const stills = () => films.forEach((film) => film.stop() ?? film.drawStill());

function playShown() {
  const shown = Reveal.getCurrentSlide();
  for (const film of films) {
    film.stop();
    if (!shown?.contains(film.canvas)) continue;
    film.time = 0;
    if (calm.matches) film.drawStill();
    else film.play();
  }
}

addEventListener("beforeprint", stills);
addEventListener("afterprint", playShown);
for (const event of ["ready", "slidechanged"]) {
  Reveal.on(event, () => (document.querySelector(".print-pdf, .reveal-print") ? stills() : playShown()));
}
