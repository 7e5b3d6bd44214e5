/** Details that stand open where there is room beside them, and are folded on a phone. */
export default function openWhenWide(details) {
  details.open = window.matchMedia("(min-width: 64rem)").matches;
}
