// Stretches of a video, as pairs [from, to] in milliseconds: in order, apart from one another, none of them empty.

export function merge(spans) {
  const joined = [];
  for (const [from, to] of spans.filter(([start, end]) => end > start).sort((one, other) => one[0] - other[0])) {
    const last = joined[joined.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** What of `spans` lies in none of `taken`; both merged. */
export function subtract(spans, taken) {
  const left = [];
  for (let [from, to] of spans) {
    for (const [start, end] of taken) {
      if (end <= from || start >= to) continue;
      left.push([from, start]);
      from = Math.max(from, end);
    }
    left.push([from, to]);
  }
  return merge(left);
}

export function lengthOf(spans) {
  return spans.reduce((sum, [from, to]) => sum + to - from, 0);
}
