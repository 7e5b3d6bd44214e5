/** The quiet sign of what still waits for a signal; it also sends it, once there is one. */
import { sendClaims } from "./claims.js";
import { flush, listWaiting } from "./queue.js";
import { forgetOthers } from "./reader.js";

const AGAIN = 20000; // milliseconds

export default async function outbox(sign) {
  forgetOthers();
  if (!self.indexedDB) return;
  let timer;

  async function show() {
    const waiting = (await listWaiting()).length;
    sign.hidden = !waiting;
    sign.textContent = waiting ? sign.dataset.words.replace("{count}", waiting) : "";
    clearTimeout(timer);
    if (waiting) timer = setTimeout(send, AGAIN);
  }

  async function send() {
    if (navigator.onLine) {
      // What was played comes first: an answer may wait for it.
      await sendClaims(document.querySelector("[data-behavior='video']")?.dataset.url).catch(() => {});
      await flush();
    }
    await show();
  }

  document.addEventListener("outbox", show);
  window.addEventListener("online", send);
  document.addEventListener("watched", send);
  await send();
}
