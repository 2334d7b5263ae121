const [SMALLEST, STEP] = [0.3, 0.05]; // of the letters

/** Make a box's letters smaller until everything in it is to be seen: nobody scrolls on a projector. */
export function fit(box) {
  for (let size = 1; size >= SMALLEST; size -= STEP) {
    box.style.setProperty("--size", size.toFixed(2));
    if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) return;
  }
}
