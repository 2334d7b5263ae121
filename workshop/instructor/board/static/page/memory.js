// What this browser remembers. A browser may forbid it; then nothing is remembered.

export function remembered(key) {
  try {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** Remember something in this browser, a secret only until the tab is closed. */
export function remember(key, value, { secret = false } = {}) {
  try {
    (secret ? sessionStorage : localStorage).setItem(key, value);
  } catch {
    // then not
  }
}
