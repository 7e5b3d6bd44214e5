const STORE = "reader";

/** Who reads this page, as the server's digest; empty for a stranger. */
export function reader() {
  return document.querySelector("meta[name='reader']")?.content || "";
}

/** What this tab kept for somebody else goes, as when a session ended and another person signed in. */
export function forgetOthers() {
  try {
    const before = sessionStorage.getItem(STORE);
    if (before && before !== reader()) sessionStorage.clear();
    sessionStorage.setItem(STORE, reader());
  } catch {
    // Private windows may have no storage: then there is nothing to forget.
  }
}
