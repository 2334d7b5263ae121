// The host's desk on the board. The server looks at every command itself; here they are only buttons.

import { $, element } from "./dom.js";

/** Wire up the desk. `board` tells the newest table, and is told which row is chosen. */
export function openDesk(room, board) {
  let isHost = false;
  let pausedBy = "";
  let one = null; // the row that the desk is about, or null for everyone
  const target = () => board.table().rows.find((row) => one && row.name === one.name) ?? one;

  const command = (fields, done) => ask({ type: "command", ...fields }, done);
  const order = (fields, done) => ask({ type: "order", ...fields }, done);

  async function ask(body, done) {
    try {
      await room.request(body);
      answer(done);
      return true;
    } catch (error) {
      answer(error.message, "problem");
      return false;
    }
  }

  function answer(words, className = "quiet") {
    $("#answer").textContent = words;
    $("#answer").className = className;
  }

  function show(visible) {
    $("#desk").hidden = !visible;
    document.body.classList.toggle("hosting", isHost);
  }

  $("#host-open").onclick = () => (isHost ? show($("#desk").hidden) : $("#login").showModal());
  $("#desk-close").onclick = () => show(false);
  $("#login [data-close]").onclick = () => $("#login").close();
  $("#login form").onsubmit = async (event) => {
    event.preventDefault();
    const password = $("#host-password").value;
    try {
      await room.request({ type: "command", do: "host", password });
      $("#host-password").value = $("#login-problem").textContent = "";
      isHost = true;
      $("#login").close();
      show(true);
    } catch (error) {
      $("#login-problem").textContent = error.message;
    }
  };

  $("#pause").onclick = () => (pausedBy ? command({ do: "start" }, "Time goes on.") : command({ do: "pause" }, "Time stands still."));
  $("#restart").onclick = () => order({ do: "restart" }, "A new round begins.");
  for (const button of document.querySelectorAll("[data-bots]")) {
    button.onclick = () => {
      const number = Math.max(0, board.table().bots + Number(button.dataset.bots));
      ask({ type: "bots", number }, number ? `${number} bots are wanted.` : "No bots are wanted.");
    };
  }

  for (const [name, numbers] of Object.entries(board.presets)) {
    const button = element("button", "", name);
    button.type = "button";
    button.onclick = () => {
      ["#latency", "#jitter", "#loss"].forEach((field, index) => ($(field).value = numbers[index]));
      setLink();
    };
    $("#presets").append(button);
  }
  $("#link").onclick = setLink;

  function setLink() {
    const [latency, jitter, loss] = ["#latency", "#jitter", "#loss"].map((field) => Number($(field).value) || 0);
    const player = target()?.id ?? 0;
    const whom = one ? one.name : "everyone";
    if (one && !player) return answer(`${whom} is not in the game.`, "problem");
    const words = latency || jitter || loss ? `${latency} ± ${jitter} ms, ${loss} % loss for ${whom}, now.` : `A perfect link for ${whom}.`;
    return command({ do: "link", player, latency: latency / 1000, jitter: jitter / 1000, loss: loss / 100 }, words);
  }

  $("#say").onsubmit = async (event) => {
    event.preventDefault();
    if (await order({ do: "say", text: $("#words").value }, "Said.")) $("#words").value = "";
  };
  $("#rename").onsubmit = (event) => {
    event.preventDefault();
    order({ do: "rename", player: target()?.id ?? 0, text: $("#new-name").value }, "Renamed.").then((done) => done && pick(null));
  };
  $("#kick").onclick = () => command({ do: "kick", player: target()?.id ?? 0 }, `${one.name} is out.`).then((done) => done && pick(null));
  $("#forget").onclick = () => ask({ type: "class_order", do: "forget", nickname: one.name }, `The class knows no ${one.name} any more.`);
  $("#one-close").onclick = () => pick(null);

  function pick(row) {
    if (!isHost) return;
    one = row;
    $("#one").hidden = !row;
    $("#link-who").textContent = $("#one-name").textContent = row ? row.name : "everyone";
    $("#new-name").value = row ? row.name : "";
    for (const id of ["#kick", "#rename button"]) $(id).disabled = !row?.id;
    $("#forget").disabled = !row?.member;
    board.choose(row?.id ?? 0);
    show(true);
  }

  function showClaims() {
    const { claims = [] } = board.table();
    $("#claims").hidden = claims.length === 0;
    const items = claims.map((nickname) => {
      const [item, button] = [element("li"), element("button", "main", "Agree")];
      button.type = "button";
      button.onclick = () => ask({ type: "class_order", do: "agree", nickname }, `${nickname} may come back.`);
      item.append(element("span", "", nickname), button);
      return item;
    });
    $("#claims ul").replaceChildren(...items);
  }

  return {
    pick,
    paused: () => pausedBy,
    /** The room's words about itself: who is host, and whether time stands still. */
    told({ host = false, paused = false, by = "" }) {
      isHost = host;
      pausedBy = paused ? by || "the host" : "";
      $("#pause").textContent = paused ? "Go on" : "Pause";
      if (!isHost) show(false);
    },
    /** A new table has come. */
    update() {
      $("#bots").textContent = String(board.table().bots);
      showClaims();
    },
  };
}
