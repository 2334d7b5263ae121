import { $ } from "../page/dom.js";

/** The choice of the address that people are shown; `about` has what this machine has, the likeliest first. */
export function setUpAddress(orders, about) {
  for (const [address, words] of Object.entries(about.addresses)) add(address, `${address} (${words})`);
  markAddress(about.address);
  $("#address").onchange = ({ target }) => choose(orders, target.value);
}

/** Mark the one that is shown now, which another desk may have chosen. */
export function markAddress(address) {
  if (document.activeElement === $("#address")) return;
  if (![...$("#address").options].some((option) => option.value === address)) add(address, address);
  $("#address").value = address;
}

function add(address, words) {
  $("#address").append(new Option(words, address));
}

function choose(orders, address) {
  return orders.ask({ type: "choose_address", address }, `Everybody is shown ${address} now.`);
}
