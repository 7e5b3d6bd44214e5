// Forms that were sent without a signal wait here, in IndexedDB, until they can go out: in order, one at a time.
// What is asked twice of the server counts once there, so that a lost answer to a message does no harm.

import { isFromSite } from "./from-site.js";
import { reader } from "./reader.js";
import { renewToken, token } from "./token.js";

const NAME = "outbox";
const STORE = "messages";
const TRIES = 10; // of what the server does not know or does not take
const NOT_YET = 422; // a rule says no: perhaps because something else waits that comes first, such as a video's report
const PATIENCE = 14 * 24 * 3600 * 1000; // milliseconds: as long as the server hears of a video that was played

function asPromise(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(mode) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key", autoIncrement: true });
  const database = await asPromise(opening);
  // Signing out deletes the database: no open page may stand in the way.
  database.onversionchange = () => database.close();
  return database.transaction(STORE, mode).objectStore(STORE);
}

export async function enqueue(url, fields) {
  await asPromise((await store("readwrite")).add({ reader: reader(), url, fields, tries: 0, since: Date.now() }));
  document.dispatchEvent(new CustomEvent("outbox"));
}

/** What waits for this reader, oldest first; anybody else's is thrown away. */
export async function listWaiting() {
  const all = await asPromise((await store("readonly")).getAll());
  for (const other of all.filter((one) => one.reader !== reader())) await drop(other);
  return all.filter((one) => one.reader === reader());
}

async function change(message) {
  await asPromise((await store("readwrite")).put(message));
}

async function drop(message) {
  await asPromise((await store("readwrite")).delete(message.key));
}

/**
 * Sends what waits, in order; stops at the first that finds no site or nobody signed in. What the server refuses steps
 * aside for the others and is sent again later. Answers how many went.
 */
export async function flush() {
  let sent = 0;
  for (const message of await listWaiting()) {
    const answer = await insist(message).catch(() => undefined);
    if (!answer || isAway(answer)) break;
    if (answer.ok || isHopeless(message, answer)) {
      await drop(message);
      sent += 1;
    } else {
      await change({ ...message, tries: message.tries + (answer.status === NOT_YET ? 0 : 1) });
    }
  }
  return sent;
}

/** Neither taken nor refused: no site at the other end, a site in trouble, or a session that has ended. */
function isAway(answer) {
  return !isFromSite(answer) || answer.status >= 500 || answer.status === 429 || answer.status === 401;
}

function isHopeless(message, answer) {
  if (answer.status === NOT_YET) return Date.now() - (message.since || 0) > PATIENCE;
  return message.tries >= TRIES;
}

/** A page that was kept may have too old a token: that is no fault of the message. */
async function insist(message) {
  const answer = await post(message);
  if (answer.status !== 400 || !isFromSite(answer)) return answer;
  await renewToken();
  return post(message);
}

function post({ url, fields }) {
  const body = new URLSearchParams(fields);
  body.set("csrf_token", token());
  // A script that is signed out hears so; a form would be put by for its reader, each time anew.
  const headers = { Accept: "application/json" };
  return fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
}

export function forgetQueue() {
  return self.indexedDB ? asPromise(indexedDB.deleteDatabase(NAME)) : Promise.resolve();
}
