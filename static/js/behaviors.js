// How behaviors are found and started.

/** A behavior whose module is fetched only by the pages that use it. */
export function later(load) {
  return async (element) => (await load()).default(element);
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
