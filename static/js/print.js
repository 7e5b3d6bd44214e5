/** A button that prints the page. It is hidden until now: without scripts it could do nothing. */
export default function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
