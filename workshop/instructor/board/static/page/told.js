// Facts from the server about the room, the wire and the game (board/facts.py), so that no script repeats them.

const fetchJson = async (path) => (await fetch(path)).json();

export const [about, map] = await Promise.all(["/room.json", "/map.json"].map(fetchJson));

/** Give each input that names a limit the server's limit of characters. */
export function limitInputs() {
  for (const input of document.querySelectorAll("[data-limit]")) input.maxLength = about.limits[input.dataset.limit];
}
