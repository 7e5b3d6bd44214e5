/**
 * "离线学习": takes a course along. First it says how big that is, then it fetches the pages and files into the cache of
 * this reader; what was taken along is named there, so that it can be shown and removed.
 */
import { isFromSite } from "./from-site.js";
import { openKept } from "./kept.js";

async function loadPlayers(files) {
  await import("./video.js");
  if (files.some((address) => address.includes(".m3u8?"))) await (await import("./stream.js")).loadPlayer();
}

export default async function along(card) {
  const cache = await openKept();
  if (!cache || !navigator.serviceWorker) return;
  const words = card.dataset;
  const note = card.querySelector("[data-along='note']");
  const buttons = Object.fromEntries([...card.querySelectorAll("button")].map((one) => [one.dataset.along, one]));
  const record = `${words.url}?kept`;
  card.hidden = false;

  function show(text, ...names) {
    note.textContent = text;
    for (const [name, button] of Object.entries(buttons)) button.hidden = !names.includes(name);
  }

  async function list() {
    const answer = await fetch(words.url, { headers: { Accept: "application/json" } });
    if (!answer.ok || !isFromSite(answer)) throw new Error(`answered ${answer.status}`);
    return answer.json();
  }

  async function settle() {
    const kept = await cache.match(record);
    if (kept) show(words.kept.replace("{size}", (await kept.json()).size), "remove");
    else show("", "look");
  }

  async function look() {
    const { size } = await list();
    show(words.size.replace("{size}", size), "take", "cancel");
  }

  async function take() {
    const wanted = await list();
    await loadPlayers(wanted.files); // the worker keeps what passes through it
    const addresses = [...wanted.pages, ...wanted.files];
    for (const [index, address] of addresses.entries()) {
      show(words.taking.replace("{done}", index).replace("{all}", addresses.length));
      const whole = await fetch(address);
      if (!whole.ok || whole.redirected || !isFromSite(whole)) throw new Error(`answered ${whole.status}`);
      await cache.put(address, whole);
    }
    await cache.put(record, new Response(JSON.stringify({ size: wanted.size, addresses })));
    await settle();
    buttons.remove.focus();
  }

  async function remove() {
    const kept = await cache.match(record);
    for (const address of (await kept.json()).addresses) await cache.delete(address);
    await cache.delete(record);
    await settle();
    buttons.look.focus();
  }

  const steps = { look, take, remove, cancel: settle };
  for (const [name, button] of Object.entries(buttons)) {
    button.addEventListener("click", () => steps[name]().catch(() => show(words.failed, name === "remove" ? "remove" : "look")));
  }
  await settle();
}
