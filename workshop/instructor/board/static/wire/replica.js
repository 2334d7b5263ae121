// The page's copy of the room's state: name of a table → id → fields.

export class Replica {
  constructor() {
    this.state = {};
    this.tick = -1;
  }

  /** Another connection begins with a full snapshot; until it comes, the old state stays. */
  beginAnew() {
    this.tick = -1;
  }

  /** Take a snapshot. Returns whether it fits the state. */
  take(frame) {
    if (!frame.full && frame.base !== this.tick) return false;
    if (frame.full) this.state = frame.state ?? {};
    else this.merge(frame);
    this.tick = frame.tick;
    return true;
  }

  merge({ set = {}, gone = {} }) {
    for (const [name, ids] of Object.entries(gone)) {
      for (const id of ids) delete this.state[name]?.[id];
    }
    for (const [name, entities] of Object.entries(set)) {
      const known = (this.state[name] ??= {});
      for (const [id, fields] of Object.entries(entities)) known[id] = { ...known[id], ...fields };
    }
  }
}
