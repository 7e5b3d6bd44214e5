/**
 * A second press of the button does not send the form a second time.
 * The buttons are not disabled (that would drop their name and value from what is sent, and lose the focus):
 * a form under way just refuses. Coming back through the browser's history makes it ready again.
 */
export default function submitOnce(form) {
  const mark = (busy) => {
    for (const button of form.querySelectorAll("button[type='submit']")) {
      if (busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  };
  let busy = false;
  form.addEventListener("submit", (event) => {
    if (busy) {
      event.preventDefault();
      return;
    }
    // Another behavior (a question before a dangerous step) may have stopped this one.
    if (event.defaultPrevented) return;
    busy = true;
    mark(true);
    // A download or a dropped connection leaves the page where it is: let them try again.
    setTimeout(() => {
      busy = false;
      mark(false);
    }, 8000);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    busy = false;
    mark(false);
  });
}
