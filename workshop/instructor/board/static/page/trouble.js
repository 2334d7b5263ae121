// The line in which a page says that its connection is in trouble.

import { $, showOrHide } from "./dom.js";

export const showTrouble = (words) => showOrHide($("#trouble"), words);

/** Say that the connection was lost; `pause` is in seconds. */
export const showLost = (words, pause) => showTrouble(`${words} Trying again in ${pause.toFixed(1)} s …`);
