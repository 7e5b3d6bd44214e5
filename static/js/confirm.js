/**
 * Asks before a step that cannot easily be undone. On a submit button: data-confirm is the question,
 * data-confirm-no the way out; the button's own words agree.
 * Without scripts the form is sent at once: where that would be too quick, the server shows a page of its own first.
 */
export default function confirm(button) {
  const form = button.form;
  if (!form || typeof HTMLDialogElement === "undefined") return;
  let agreed = false;
  button.addEventListener("click", (event) => {
    if (agreed) return;
    event.preventDefault();
    const dialog = question(button);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      agreed = dialog.returnValue === "yes";
      dialog.remove();
      button.focus();
      if (!agreed) return;
      // A click and not requestSubmit(): Safari 15 lacks it.
      button.click();
      agreed = false;
    });
    dialog.showModal();
  });
}

function question(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "confirm-title");

  const title = document.createElement("h2");
  title.id = "confirm-title";
  title.textContent = button.textContent.trim();

  const text = document.createElement("p");
  text.textContent = button.dataset.confirm;

  const choices = document.createElement("form");
  choices.method = "dialog";
  choices.className = "buttons";
  choices.append(
    choice("no", button.dataset.confirmNo, "button"),
    choice("yes", button.textContent.trim(), "button button--danger"),
  );

  dialog.append(title, text, choices);
  return dialog;
}

function choice(value, words, className) {
  const button = document.createElement("button");
  button.value = value;
  button.className = className;
  button.textContent = words;
  return button;
}
