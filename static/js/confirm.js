/**
 * Asks before a step that cannot easily be undone. On a submit button: data-confirm is the question,
 * data-confirm-title, data-confirm-yes and data-confirm-no are the other words.
 * Without scripts the form is sent at once: the server then shows a page that asks the same.
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
      tellServer(form);
      // A click and not requestSubmit(): Safari 15 lacks it.
      button.click();
      agreed = false;
    });
    dialog.showModal();
  });
}

/** The server need not ask again. */
function tellServer(form) {
  if (form.elements.confirmed) return;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "confirmed";
  field.value = "yes";
  form.append(field);
}

function question(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "confirm-title");

  const title = document.createElement("h2");
  title.id = "confirm-title";
  title.textContent = button.dataset.confirmTitle || button.textContent.trim();

  const text = document.createElement("p");
  text.textContent = button.dataset.confirm;

  const choices = document.createElement("form");
  choices.method = "dialog";
  choices.className = "buttons";
  choices.append(
    choice("no", button.dataset.confirmNo, "button"),
    choice("yes", button.dataset.confirmYes || button.textContent.trim(), "button button--danger"),
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
