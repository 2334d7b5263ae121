// Opens the part of the page for this laptop, and fills in the address of the page's files if it is served.

const agent = navigator.userAgent;
const mine = /Windows/.test(agent) ? ["windows"]
  : /Mac OS X/.test(agent) ? ["macos-apple", "macos-intel"]
  : /aarch64|armv/.test(agent) ? ["linux-arm64"] : ["linux-x86_64"];
for (const name of mine) document.getElementById(name)?.setAttribute("open", "");
const served = location.protocol.startsWith("http");
const here = location.origin + location.pathname.replace(/\/[^/]*$/, "");
for (const block of document.querySelectorAll(".typed")) {
  block.hidden = !served;
  const code = block.querySelector("code");
  if (code) code.textContent = code.textContent.replaceAll("HERE", here);
}
