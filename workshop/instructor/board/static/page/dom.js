// Small tools for pages. Users' words go through `textContent`, so they are text and never markup.

export const $ = (selector) => document.querySelector(selector);

/** A new element with a class and a text. */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** A new element of a drawing, with its attributes. */
export function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Show a text, unless it is shown already: some pages call this in each frame. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Show a text, or hide the element when there is none. */
export function showOrHide(node, text) {
  setText(node, text);
  node.hidden = !text;
}
