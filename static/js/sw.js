// The worker: keeps pages of courses that were read, or taken along, for when there is no signal.
// It is a script of its own, served at /sw.js; it keeps nothing but what `page` and `file` name, and that for one reader:
// a page of anybody else, and signing out, throw everything away. When a session has merely ended, what is kept stays on
// the phone and is shown to nobody until the same person has signed in again.

const STATIC = "static";
const PREFIX = "kept-";
const READER = "/reader"; // in STATIC: whose page the site sent last; empty: nobody's
const PATIENCE = 6000; // milliseconds until a kept page is shown instead of waiting on

const page = /^\/courses\/\d+(\/lessons\/\d+(\/transcript)?|\/documents\/[^/]+)?$/;
const file = /^\/courses\/\d+\/files\/[^/]+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget(""));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === "/sign-out") event.waitUntil(forget(""));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromStatic(request));
  else if (file.test(url.pathname) && url.search) event.respondWith(fromFiles(event, url));
  else if (request.mode === "navigate") event.respondWith(fromSite(event, url));
});

/** Deletes what is kept for anybody but `reader`, who is the one to read from now on. */
async function forget(reader) {
  await remember(reader);
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + reader).map((name) => caches.delete(name)));
}

async function remember(reader) {
  if (reader === (await lastReader())) return;
  await (await caches.open(STATIC)).put(READER, new Response(reader));
}

async function lastReader() {
  const known = await (await caches.open(STATIC)).match(READER);
  return known ? known.text() : "";
}

/** Names of these files change with their content. */
async function fromStatic(request) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  // A network's own sign-in page may come in their place.
  if (answer.status === 200 && answer.headers.has("X-Request-Id")) await cache.put(request, answer.clone());
  return answer;
}

/** The address of a file names its revision: what is kept is what the server has. */
async function fromFiles(event, url) {
  const range = event.request.headers.get("Range");
  const kept = await findKept(url.href);
  if (kept) return range ? part(kept, range) : kept;
  return fetch(event.request);
}

async function part(whole, range) {
  const bytes = await whole.arrayBuffer();
  const [, first, last] = range.match(/^bytes=(\d+)-(\d*)$/) || [];
  const start = Number(first);
  const end = last ? Math.min(Number(last) + 1, bytes.byteLength) : bytes.byteLength;
  if (first === undefined || start >= end) return new Response(null, { status: 416 });
  const headers = new Headers(whole.headers);
  headers.set("Content-Range", `bytes ${start}-${end - 1}/${bytes.byteLength}`);
  headers.set("Content-Length", String(end - start));
  return new Response(bytes.slice(start, end), { status: 206, headers });
}

/** The site's own answer; a kept page where there is none, or it takes too long. */
async function fromSite(event, url) {
  const answer = fetch(event.request).then((response) => {
    event.waitUntil(keep(url, response.clone()));
    return response;
  });
  const address = addressOf(url);
  const kept = page.test(url.pathname) ? await findKept(address) : undefined;
  const late = new Promise((resolve) => kept && setTimeout(() => resolve(kept), PATIENCE));
  try {
    return await Promise.race([answer, late]);
  } catch {
    return kept || (await findKept(`${url.origin}/offline`)) || Response.error();
  }
}

/** A page under which query soever; a document is one of a revision. */
function addressOf(url) {
  return url.pathname.includes("/documents/") ? url.href : url.origin + url.pathname;
}

async function keep(url, answer) {
  const isPage = answer.status === 200 && (answer.headers.get("Content-Type") || "").startsWith("text/html");
  if (!isPage || answer.type !== "basic") return;
  const reader = answer.headers.get("X-Reader");
  if (reader === null) return; // not from this site
  if (!reader) {
    await remember("");
    return;
  }
  await forget(reader);
  const cache = await caches.open(PREFIX + reader);
  if (page.test(url.pathname) && !answer.redirected) await keepPage(cache, addressOf(url), answer);
  if (!(await cache.match("/offline"))) await addFor(reader, cache, "/offline");
}

/** A page, and the pictures in it. */
async function keepPage(cache, address, answer) {
  const text = await answer.clone().text();
  await cache.put(address, answer);
  for (const [, source] of text.matchAll(/<img[^>]* src="([^"]+)"/g)) {
    const picture = new URL(source.replaceAll("&amp;", "&"), address);
    if (file.test(picture.pathname) && !(await cache.match(picture.href))) await cache.add(picture.href).catch(() => {});
  }
}

/** Somebody may have signed in as another person meanwhile. */
async function addFor(reader, cache, address) {
  const answer = await fetch(address).catch(() => undefined);
  if (answer && answer.status === 200 && answer.headers.get("X-Reader") === reader) await cache.put(address, answer);
}

async function findKept(address) {
  const reader = await lastReader();
  if (!reader) return undefined;
  return (await caches.open(PREFIX + reader)).match(address, { ignoreVary: true });
}
