import { isFromSite } from "./from-site.js";
import { reader } from "./reader.js";

const SMALL_PAGE = "/offline"; // the site answers it to everybody

export function token() {
  return document.querySelector("meta[name='csrf-token']").content;
}

/**
 * A page that was kept on the phone carries the token of an older sign-in: this puts today's in its place, for every form.
 * Throws where the site is not there, or this page's reader is no longer signed in.
 */
export async function renewToken(signal) {
  const answer = await fetch(SMALL_PAGE, { cache: "no-store", credentials: "same-origin", signal });
  if (!answer.ok || !isFromSite(answer)) throw new Error("no site");
  if (answer.headers.get("X-Reader") !== reader()) throw new Error("signed out");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("meta[name='csrf-token']").content;
  document.querySelector("meta[name='csrf-token']").content = fresh;
  for (const field of document.querySelectorAll("input[name='csrf_token']")) field.value = fresh;
}
