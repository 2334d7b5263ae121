import { remember, remembered } from "./memory.js";

const root = document.documentElement;

/** Dark or light, as the system says, until the user presses D or the button, if there is one. */
export function setUpTheme(button) {
  const kept = remembered("theme");
  if (kept) root.dataset.theme = kept;
  if (button) button.onclick = change;
  else addEventListener("keydown", (event) => event.key.toLowerCase() === "d" && !event.target.matches("input") && change());
}

function change() {
  root.dataset.theme = isDark() ? "light" : "dark";
  remember("theme", root.dataset.theme);
}

function isDark() {
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  return (root.dataset.theme || system) === "dark";
}
