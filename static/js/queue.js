// Forms that were sent without a signal wait here, in IndexedDB, until they can go out: in order, one at a time.
// What is asked twice of the server counts once there, so that a lost answer to a message does no harm.

import { reader } from "./reader.js";

const NAME = "outbox";
const STORE = "messages";
const TRIES = 10;

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
  await asPromise((await store("readwrite")).add({ reader: reader(), url, fields, tries: 0 }));
  document.dispatchEvent(new CustomEvent("outbox"));
}

/** What waits for this reader, oldest first; anybody else's is thrown away. */
export async function listWaiting() {
  const all = await asPromise((await store("readonly")).getAll());
  for (const other of all.filter((one) => one.reader !== reader())) await drop(other);
  return all.filter((one) => one.reader === reader());
}

async function drop(message) {
  await asPromise((await store("readwrite")).delete(message.key));
}

/** Sends what waits; stops at the first that cannot go out yet. Answers how many went. */
export async function flush() {
  let sent = 0;
  for (const message of await listWaiting()) {
    const answer = await post(message).catch(() => undefined);
    if (!answer || answer.status >= 500 || answer.status === 429) break;
    const isRefused = !answer.ok || new URL(answer.url).pathname.startsWith("/sign-in");
    if (isRefused && message.tries < TRIES) {
      await asPromise((await store("readwrite")).put({ ...message, tries: message.tries + 1 }));
      break;
    }
    await drop(message);
    sent += 1;
  }
  return sent;
}

function post({ url, fields }) {
  const body = new URLSearchParams(fields);
  body.set("csrf_token", document.querySelector("meta[name='csrf-token']").content);
  return fetch(url, { method: "POST", body, credentials: "same-origin" });
}

export function forgetQueue() {
  return self.indexedDB ? asPromise(indexedDB.deleteDatabase(NAME)) : Promise.resolve();
}
