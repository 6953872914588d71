// Which lines of a text became which lines of its fixed version. Fixes mostly insert, and where they do not, one line becomes another:
// this looks for the next place where both go on alike, and never far, so that it takes time in proportion to the lines.
const FAR = 200;

/** The marks of both sides, for `setMarks`. */
export function compare(before, after) {
  const left = [];
  const right = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i++;
      j++;
      continue;
    }
    const [gone, come] = next(before, i, after, j);
    const both = Math.min(gone, come);
    for (let k = 0; k < gone; k++) {
      left.push({ line: i + k + 1, kind: "changed" });
    }
    for (let k = 0; k < come; k++) {
      right.push({ line: j + k + 1, kind: k < both ? "changed" : "added" });
    }
    if (come > gone) {
      left.push({ before: i + gone + 1, lines: come - gone });
    } else if (gone > come) {
      right.push({ before: j + come + 1, lines: gone - come });
    }
    i += gone;
    j += come;
  }
  return { left, right };
}

/** How many lines differ on each side before both go on alike. */
function next(before, i, after, j) {
  const left = before.length - i;
  const right = after.length - j;
  for (let skipped = 0; skipped <= Math.min(left, FAR); skipped++) {
    for (let inserted = 0; inserted <= Math.min(right, FAR); inserted++) {
      if (skipped + inserted > 0 && goesOn(before, i + skipped, after, j + inserted)) {
        return [skipped, inserted];
      }
    }
  }
  return [left, right];
}

/** Two lines alike, or both ends. */
function goesOn(before, i, after, j) {
  const ends = i === before.length && j === after.length;
  const alike = i < before.length && before[i] === after[j];
  return ends || (alike && before[i + 1] === after[j + 1]);
}
