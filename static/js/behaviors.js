// How behaviors are found and started.

const PAUSES = [500, 2000, 8000]; // milliseconds

/** A behavior whose module is fetched only by the pages that use it; again, where a bad connection lost it. */
export function later(load) {
  return async (element) => (await insist(load)).default(element);
}

/** Loads a module, and tries again a few times. */
export async function insist(load) {
  for (const pause of PAUSES) {
    try {
      return await load();
    } catch {
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return load();
}

/** Starts each behavior that the elements under `root` name. One that fails must not stop the others. */
export function start(behaviors, root) {
  for (const element of root.querySelectorAll("[data-behavior]")) {
    for (const name of element.dataset.behavior.split(/\s+/)) {
      const behavior = behaviors[name];
      if (!behavior) continue;
      Promise.resolve(element).then(behavior).catch((fault) => console.error(`behavior ${name}:`, fault));
    }
  }
}
