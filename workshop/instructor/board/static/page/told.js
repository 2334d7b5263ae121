// What the server tells of the room, the wire and the game (workshop/board/facts.py), so that no script repeats it.

const fetchJson = async (path) => (await fetch(path)).json();

export const [about, map] = await Promise.all(["/room.json", "/map.json"].map(fetchJson));

/** Let each input that names a limit take as many characters as the server does. */
export function limitInputs() {
  for (const input of document.querySelectorAll("[data-limit]")) input.maxLength = about.limits[input.dataset.limit];
}
