import { $ } from "../page/dom.js";
import { remember } from "../page/memory.js";

/** Ask for the room's password, until the dialog is done. */
export function askAtDoor(problem) {
  $("#door-problem").textContent = problem;
  $("#door").showModal();
  return new Promise((resolve) => {
    $("#door form").onsubmit = () => {
      const typed = $("#room-password").value;
      remember("room password", typed, { secret: true });
      resolve(typed);
    };
  });
}
