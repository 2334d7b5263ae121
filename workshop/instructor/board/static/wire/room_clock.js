// The room's time, estimated from its snapshots. All times are in seconds.

const KEPT = 3; // seconds of snapshots for the estimate

export class RoomClock {
  constructor() {
    this.beginAnew();
  }

  beginAnew() {
    this.offsets = []; // [when, our clock minus the server's]
  }

  /** Note that a snapshot of this time has just come. */
  note(serverTime) {
    const now = performance.now() / 1000;
    this.offsets.push([now, now - serverTime]);
    while (this.offsets.length > 1 && this.offsets[0][0] < now - KEPT) this.offsets.shift();
  }

  /** The time now. It is smooth, and never ahead: the smallest offset is that of the fastest snapshot. */
  now() {
    const offset = Math.min(...this.offsets.map(([, seconds]) => seconds));
    return performance.now() / 1000 - offset;
  }
}
