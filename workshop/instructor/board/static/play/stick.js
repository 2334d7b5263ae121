const DEAD_ZONE = 0.18; // of the stick's radius
const KNOB_WAY = 85; // per cent of the knob's size

/** Call `moved` with the place of the stick, [x, y] of at most length 1; [0, 0] when it is released. */
export function setUpStick(pad, moved) {
  const knob = pad.firstElementChild;
  const move = (event) => {
    const [x, y] = withinCircle(placeOn(pad, event));
    knob.style.transform = `translate(${x * KNOB_WAY}%, ${y * KNOB_WAY}%)`;
    moved(Math.hypot(x, y) < DEAD_ZONE ? [0, 0] : [x, y]);
  };
  const letGo = () => {
    knob.style.transform = "";
    moved([0, 0]);
  };
  pad.onpointerdown = (event) => {
    pad.setPointerCapture(event.pointerId);
    move(event);
  };
  pad.onpointermove = (event) => pad.hasPointerCapture(event.pointerId) && move(event);
  pad.onpointerup = pad.onpointercancel = pad.onlostpointercapture = letGo;
}

/** Call `held` with whether a thumb is on the button. */
export function setUpButton(button, held) {
  const set = (down) => {
    button.classList.toggle("down", down);
    held(down);
  };
  button.onpointerdown = (event) => {
    button.setPointerCapture(event.pointerId);
    set(true);
  };
  button.onpointerup = button.onpointercancel = button.onlostpointercapture = () => set(false);
}

function placeOn(pad, { clientX, clientY }) {
  const { left, top, width, height } = pad.getBoundingClientRect();
  return [(clientX - left) / (width / 2) - 1, (clientY - top) / (height / 2) - 1];
}

function withinCircle([x, y]) {
  const length = Math.max(1, Math.hypot(x, y));
  return [x / length, y / length];
}
