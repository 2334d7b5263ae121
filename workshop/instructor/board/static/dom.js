// Small things for pages. Whatever came from people goes through `textContent`, so it is text and never markup.

export const $ = (selector) => document.querySelector(selector);

/** A new element with a class and a text. */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** A small curve of the newest values. */
export function sparkline(values, most) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", `0 0 ${Math.max(values.length - 1, 1)} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const points = values.map((value, index) => `${index} ${(19 - (18 * Math.min(value, most)) / most).toFixed(1)}`);
  path.setAttribute("d", points.length > 1 ? `M${points.join("L")}` : "");
  svg.append(path);
  return svg;
}

/** Dark or light, as the system says, until somebody presses the button. */
export function themeButton(button) {
  const root = document.documentElement;
  const kept = remembered("theme");
  if (kept) root.dataset.theme = kept;
  button.onclick = () => {
    const isDark = (root.dataset.theme || (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark")) === "dark";
    root.dataset.theme = isDark ? "light" : "dark";
    remember("theme", root.dataset.theme);
  };
}

export function remembered(key) {
  try {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? "";
  } catch {
    return ""; // a browser may forbid it
  }
}

/** Remember something in this browser, a secret only until the tab is closed. */
export function remember(key, value, { secret = false } = {}) {
  try {
    (secret ? sessionStorage : localStorage).setItem(key, value);
  } catch {
    // then not
  }
}

/** Ask for the room's password, until the dialog is done. */
export function askAtDoor(problem) {
  $("#door-problem").textContent = problem;
  const dialog = $("#door");
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.querySelector("form").onsubmit = () => {
      const typed = $("#room-password").value;
      remember("room password", typed, { secret: true });
      resolve(typed);
    };
  });
}
