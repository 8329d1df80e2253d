// One order for names of several lists, each in its own order: a converted network has layers that its ANN has not.

/** Every name once; one that an earlier list lacks comes after the name before it in its own list. */
export function mergeOrder(lists: readonly (readonly string[])[]): readonly string[] {
  const merged: string[] = [];
  for (const list of lists) {
    let at = 0;
    for (const name of list) {
      const known = merged.indexOf(name);
      if (known < 0) merged.splice(at, 0, name);
      at = (known < 0 ? at : known) + 1;
    }
  }
  return merged;
}
