/** The sign-out form: what this phone keeps goes first, then the person. */
import { forgetAll } from "./kept.js";

export default function forget(form) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.forgotten) return;
    event.preventDefault();
    form.dataset.forgotten = "yes";
    await forgetAll().catch(() => {});
    form.submit();
  });
}
