/**
 * The check of a draft: the server has what the page before sent, so this browser need not keep it any longer.
 * Otherwise what is masked here would come back unmasked when the writer goes on.
 */
import { reader } from "./reader.js";

export default function draftSent(place) {
  const store = `draft-${reader()}-${place.dataset.draft}`;
  try {
    const kept = JSON.parse(localStorage.getItem(store) || "null");
    if (kept?.device === place.dataset.writer) localStorage.removeItem(store);
  } catch {
    // Private windows may have no storage: then nothing is kept there either.
  }
}
