/**
 * A box that scrolls sideways must be reachable by keyboard, and one that does not should not be a stop on the way.
 * So it takes the focus only while its content is wider than itself.
 */
export default function scrollBox(box) {
  const update = () => {
    if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  new ResizeObserver(update).observe(box);
}
