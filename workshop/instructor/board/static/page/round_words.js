// What a page says about the round.

/** The time left as a clock shows it, "1:05"; nothing while no round runs. */
export function clockText(round, secondsLeft) {
  if (!round || round.phase === "waiting") return "";
  const left = Math.max(0, Math.ceil(secondsLeft));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** How the round ended; nothing before its end. */
export function resultText(round) {
  if (round?.phase !== "over") return "";
  return round.winner ? `${round.winner} won the round` : "Nobody scored";
}
