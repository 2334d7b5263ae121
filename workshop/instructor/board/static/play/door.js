// The form with which a player joins, and which says why the player is out again.

import { $ } from "../page/dom.js";
import { remember, remembered } from "../page/memory.js";

/** `enter` is called with a name and a password. */
export function setUpDoor(enter) {
  $("#name").value = remembered("name");
  $("#enter").onsubmit = (event) => {
    event.preventDefault();
    const name = $("#name").value.trim();
    remember("name", name);
    enter(name, $("#password").value);
  };
}

export const isPlaying = () => document.body.dataset.playing === "yes";

export function goIn() {
  document.body.dataset.playing = "yes";
  document.activeElement?.blur();
}

export function goBack(words) {
  document.body.dataset.playing = "no";
  $("#problem").textContent = words;
}

export function showPasswordField() {
  $("#password-row").hidden = false;
}
