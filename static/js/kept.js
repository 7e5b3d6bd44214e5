// What this phone keeps of the site for its reader: the same caches that sw.js answers from.

import { forgetQueue } from "./queue.js";
import { reader } from "./reader.js";

const PREFIX = "kept-";
const TITLE = /<title>([\s\S]*?)<\/title>/;

/** The cache of this reader; none where the browser has no caches (an address without https) or nobody is signed in. */
export async function openKept() {
  return self.caches && reader() ? caches.open(PREFIX + reader()) : undefined;
}

/** Signing out: nothing stays for the next person at this phone. The server's answer says so to the browser, too. */
export async function forgetAll() {
  sessionStorage.clear();
  localStorage.clear();
  await forgetQueue();
  if (!self.caches) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => caches.delete(name)));
}

/** The courses and lessons that this reader can read, with their titles. */
export async function listPages() {
  const found = [];
  const cache = await openKept();
  for (const request of cache ? await cache.keys() : []) {
    const { pathname } = new URL(request.url);
    if (!/^\/courses\/\d+(\/lessons\/\d+)?$/.test(pathname)) continue;
    const [, title = pathname] = (await (await cache.match(request)).text()).match(TITLE) || [];
    found.push({ pathname, title: plain(title) });
  }
  return found.sort((one, other) => one.pathname.localeCompare(other.pathname, "en", { numeric: true }));
}

function plain(html) {
  return new DOMParser().parseFromString(html, "text/html").documentElement.textContent.split(" · ").slice(0, 2).join(" · ");
}
