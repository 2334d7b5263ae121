const SECONDS = 10; // for which a second press is taken for a yes

/** Let a button ask at the first press, and act at the second. */
export function askOnce(button, question, act) {
  const words = button.textContent;
  let timer = 0;
  const calmDown = () => {
    clearTimeout(timer);
    timer = 0;
    button.textContent = words;
  };
  button.onclick = () => {
    const isSure = timer !== 0;
    calmDown();
    if (isSure) return act();
    button.textContent = question;
    timer = setTimeout(calmDown, 1000 * SECONDS);
    return undefined;
  };
  button.onblur = calmDown;
}
