/** A notice that can be put away. The focus goes to the main part, not to nowhere. */
export default function dismiss(notice) {
  const button = notice.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => {
    notice.remove();
    document.getElementById("main")?.focus({ preventScroll: true });
  });
}
