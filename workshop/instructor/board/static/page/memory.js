// What this browser remembers. If the browser forbids that, nothing is remembered.

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
    // then it is not remembered
  }
}
