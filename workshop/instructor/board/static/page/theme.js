import { remember, remembered } from "./memory.js";

const root = document.documentElement;

/** Dark or light, as the system says, until the user presses the button. */
export function setUpTheme(button) {
  const kept = remembered("theme");
  if (kept) root.dataset.theme = kept;
  button.onclick = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
  };
}

function isDark() {
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  return (root.dataset.theme || system) === "dark";
}
