import { $ } from "../page/dom.js";

/** The dialog that asks for the host's password; `entered` is called once the server accepts it. */
export function setUpLogin(room, entered) {
  $("#login [data-close]").onclick = () => $("#login").close();
  $("#login form").onsubmit = async (event) => {
    event.preventDefault();
    $("#login-problem").textContent = await problemWith(room, $("#host-password").value);
    if ($("#login-problem").textContent) return;
    $("#host-password").value = "";
    $("#login").close();
    entered();
  };
}

/** Ask for the rights of a host. Resolves with the words of a refusal, or with none. */
async function problemWith(room, password) {
  try {
    await room.request({ type: "command", do: "host", password });
    return "";
  } catch (error) {
    return error.message;
  }
}
