/** Who reads this page, as the server's digest; empty for a stranger. */
export function reader() {
  return document.querySelector("meta[name='reader']")?.content || "";
}
