import { isFromSite } from "./from-site.js";
import { reader } from "./reader.js";

const SMALL_PAGE = "/offline"; // the site answers it to everybody

export function token() {
  return document.querySelector("meta[name='csrf-token']").content;
}

/**
 * A page that was kept on the phone carries the token of an older sign-in: this puts today's in its place, for every form.
 * Answers whether the site is there; a page whose reader has gone meanwhile keeps its token, and is refused.
 */
export async function renewToken(signal) {
  const answer = await fetch(SMALL_PAGE, { cache: "no-store", credentials: "same-origin", signal });
  if (!answer.ok || !isFromSite(answer)) return false;
  if (answer.headers.get("X-Reader") !== reader()) return true;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("meta[name='csrf-token']").content;
  document.querySelector("meta[name='csrf-token']").content = fresh;
  for (const field of document.querySelectorAll("input[name='csrf_token']")) field.value = fresh;
  return true;
}
