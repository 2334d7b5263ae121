// What a page says about the round, times and steps.

/** The time left as a clock shows it; nothing while no round runs. */
export function clockText(round, secondsLeft) {
  return !round || round.phase === "waiting" ? "" : durationText(secondsLeft);
}

/** Seconds as a clock shows them: "1:05". */
export function durationText(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** How long something has lasted, for a glance. */
export const minutesText = (seconds) => (seconds < 60 ? "just now" : `${Math.floor(seconds / 60)} min`);

/** "6 Authority" for "06 Authority". */
export const shortStep = (step) => step.replace(/^0(?=\d)/, "");

/** How the round ended; nothing before its end. */
export function resultText(round) {
  if (round?.phase !== "over") return "";
  return round.winner ? `${round.winner} won the round` : "Nobody scored";
}
