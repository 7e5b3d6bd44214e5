/** Parts of a Word file: one button moves a part and all that follow it up to the next heading of another section. */
export default function arrange(form) {
  const parts = [...form.querySelectorAll("[data-part]")];
  const place = (part) => part.querySelector("select");
  const show = (part) => {
    part.className = `part part--${place(part).value}`;
  };
  for (const [index, part] of parts.entries()) {
    let before = place(part).value;
    const onward = part.querySelector("[data-onward]");
    place(part).addEventListener("change", () => {
      show(part);
      onward.hidden = false;
    });
    onward.addEventListener("click", () => {
      const chosen = place(part).value;
      // Those that were with it go with it; where it was moved already, those that are with the next one.
      const rest = parts.slice(index + 1);
      const old = before !== chosen ? before : rest.length ? place(rest[0]).value : chosen;
      for (const next of rest) {
        if (place(next).value !== old) break;
        place(next).value = chosen;
        next.dispatchEvent(new Event("moved"));
        show(next);
      }
      before = chosen;
      onward.hidden = true;
    });
    part.addEventListener("moved", () => {
      before = place(part).value;
    });
  }
}
