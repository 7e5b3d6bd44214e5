/** A button that copies the text of the element named by data-copy, and says in its own words that it did. */
export default function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) return;
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    words.textContent = button.dataset.copied;
    setTimeout(() => {
      words.textContent = before;
    }, 2500);
  });
}
