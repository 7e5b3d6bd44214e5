/** A form that may be sent without a signal: it then waits on the phone and goes out by itself later. */
import { enqueue } from "./queue.js";
import { renewToken } from "./token.js";

const PATIENCE = 5000; // milliseconds

export default function sendLater(form) {
  if (!self.indexedDB) return;
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    if (await isReachable()) {
      form.submit();
      busy = false;
      return;
    }
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    await enqueue(form.action, fields);
    for (const button of form.querySelectorAll("button")) button.hidden = true;
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    words.textContent = form.dataset.later;
    form.append(words);
  });
}

async function isReachable() {
  if (!navigator.onLine) return false;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE);
  try {
    await renewToken(giveUp.signal);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
