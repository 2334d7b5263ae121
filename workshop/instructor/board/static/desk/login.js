import { $ } from "../page/dom.js";
import { remember, remembered } from "../page/memory.js";
import { sentence } from "./orders.js";

const KEY = "desk key"; // with which this tab's desk comes back without the password

/** The form that asks for the host's name and password, until the server accepts them; a reload needs neither. */
export class Login {
  /** `entered` is called once we are the host. */
  constructor(room, entered) {
    Object.assign(this, { room, entered, password: "" });
    $("#host-name").value = remembered("host name") || $("#host-name").value;
    $("#login").onsubmit = (event) => this.submit(event);
  }

  begin() {
    const wasOpen = Boolean(remembered(KEY));
    this.show(wasOpen);
    if (wasOpen) this.connect();
  }

  submit(event) {
    event.preventDefault();
    this.password = $("#host-password").value;
    remember("host name", $("#host-name").value);
    if (!$("#room-password-row").hidden) remember("room password", $("#room-password").value, { secret: true });
    if (this.room.isOpen && this.joinedAs === $("#host-name").value) this.claim();
    else this.connect();
  }

  /** Join under the name that is typed. */
  connect() {
    this.room.leave();
    this.joinedAs = $("#host-name").value;
    Object.assign(this.room, { name: this.joinedAs, password: remembered("room password"), token: "" });
    this.room.open();
  }

  /** Ask for the rights of a host, once the room has let us in. */
  async claim() {
    try {
      if (!this.room.isHost) await this.becomeHost();
    } catch (error) {
      this.problem(error.message);
      return;
    }
    this.password = $("#host-password").value = "";
    this.problem("");
    this.show(true);
    this.entered();
  }

  /** By the password, if one was typed; else by the key of an open desk, also after a restart of the host. */
  async becomeHost() {
    const [password, key] = [this.password, remembered(KEY)];
    if (key && !password) return this.room.request({ type: "open_desk", key });
    await this.room.request({ type: "command", do: "host", password });
    const given = await this.room.request({ type: "desk_key" });
    return remember(KEY, given.key, { secret: true });
  }

  /** The room does not let us in. */
  refused(code, words) {
    if (code === "full") return; // a seat may become free
    $("#room-password-row").hidden = code !== "password";
    this.room.leave();
    this.problem(words);
  }

  problem(words) {
    $("#login-problem").textContent = sentence(words);
    if (words) this.show(false);
  }

  show(isHost) {
    document.body.dataset.host = isHost ? "yes" : "no";
  }
}
