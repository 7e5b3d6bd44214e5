// What was played without a signal, and not heard of yet: a claim for each page that played a video, with its token.
// It is kept beyond the tab, for a phone closes tabs by itself, and belongs to one reader: `forgetOthers` sees to that.

import { isFromSite } from "./from-site.js";
import { lengthOf, subtract } from "./spans.js";
import { token } from "./token.js";

const PREFIX = "video:";
const MOST = 5; // claims of one lesson

export function readClaims(url) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + url) || "[]");
  } catch {
    return [];
  }
}

/** Puts `claim` in the place of the one with its token; one without spans only takes that away. */
export function writeClaim(url, claim) {
  const others = readClaims(url).filter((one) => one.token !== claim.token);
  const claims = lengthOf(claim.spans) ? [...others, claim].slice(-MOST) : others;
  try {
    if (claims.length) localStorage.setItem(PREFIX + url, JSON.stringify(claims));
    else localStorage.removeItem(PREFIX + url);
  } catch {
    // Private windows may have no storage: the claims live in the page alone then.
  }
}

/** Sends the claims of all lessons but `own`, whose page does so itself; throws where there is no site. */
export async function sendClaims(own) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  for (const url of keys.map((key) => key.slice(PREFIX.length)).filter((one) => one !== own)) {
    for (const claim of readClaims(url)) await sendClaim(url, claim);
  }
}

async function sendClaim(url, claim) {
  const next = { ...claim, sequence: claim.sequence + 1 };
  const response = await fetch(url, {
    method: "POST",
    body: bodyOf(next),
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  const isAway = !isFromSite(response) || response.status >= 500 || [400, 401, 429].includes(response.status);
  if (isAway) throw new Error("later");
  const reply = response.ok ? await response.json() : { state: "refused" };
  const isHeard = reply.state === "refused" || reply.state === "expired" || reply.done;
  writeClaim(url, { ...next, spans: isHeard ? [] : subtract(claim.spans, reply.spans) });
}

export function bodyOf(claim) {
  const body = new URLSearchParams({ token: claim.token, sequence: claim.sequence, position: claim.position });
  body.set("spans", JSON.stringify(claim.spans.slice(0, 200)));
  body.set("csrf_token", token());
  return body;
}
