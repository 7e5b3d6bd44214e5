/** The page without a signal: lists what can be read now. */
import { listPages } from "./kept.js";

export default async function keptList(card) {
  const pages = await listPages();
  const none = card.querySelector("[data-kept='none']");
  const list = card.querySelector("[data-kept='list']");
  if (!pages.length) {
    none.textContent = card.dataset.none;
    return;
  }
  for (const page of pages) {
    const link = document.createElement("a");
    link.href = page.pathname;
    link.textContent = page.title;
    const item = document.createElement("li");
    item.className = "rows__item";
    item.append(link);
    list.append(item);
  }
  none.hidden = true;
  list.hidden = false;
}
