import { $, element } from "../page/dom.js";
import { durationText } from "../page/round_words.js";

/** Show what the host does and says, each line signed; `since` is when the table came, in milliseconds. */
export function showBanner(room, table, since) {
  const lines = bannerLines(room, table, (performance.now() - since) / 1000);
  const shown = lines.map(({ words, by }) => `${words} — ${by || "the host"}`);
  $("#banner").hidden = shown.length === 0;
  if ([...$("#banner").children].map((line) => line.textContent).join("\n") === shown.join("\n")) return;
  $("#banner").replaceChildren(...lines.map(bannerLine));
}

function bannerLines({ pausedBy }, table, age) {
  const { screen, link = "", host = "" } = table ?? {};
  const lines = [];
  if (pausedBy) lines.push({ words: "Paused", by: pausedBy });
  if (screen?.word) lines.push({ words: screen.word, by: screen.by });
  if ((screen?.countdown ?? null) !== null) lines.push({ words: countdownText(screen.countdown - age), by: host });
  if (link) lines.push({ words: `Lag ${link} for everyone`, by: host });
  return lines;
}

const countdownText = (seconds) => (seconds > 0 ? `${durationText(seconds)} left` : "Time is up");

function bannerLine({ words, by }) {
  const line = element("p", "", words);
  line.append(element("span", "by", ` — ${by || "the host"}`));
  return line;
}
