const STORE = "reader";

/** Who reads this page, as the server's digest; empty for a stranger. */
export function reader() {
  return document.querySelector("meta[name='reader']")?.content || "";
}

/** What was kept for somebody else goes, as when a session ended and another person signed in. */
export function forgetOthers() {
  try {
    for (const storage of [localStorage, sessionStorage]) {
      const before = storage.getItem(STORE);
      if (before && before !== reader()) storage.clear();
      storage.setItem(STORE, reader());
    }
  } catch {
    // Private windows may have no storage: then there is nothing to forget.
  }
}
