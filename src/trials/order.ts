// In which order subjects take their turns. Every other pass is the mirror of the one before it (A B B A), so that a drift that is steady
// over both harms all alike; with more than two, each pair of passes starts with another subject, so that none always follows the same.

/** Indices of the subjects, in their order of pass `pass`: 0 1 2, 2 1 0, 1 2 0, 0 2 1, ... */
export function passOrder(subjects: number, pass: number): readonly number[] {
  const first = Math.floor(pass / 2) % subjects;
  const order = Array.from({ length: subjects }, (_, i) => (first + i) % subjects);
  return pass % 2 === 0 ? order : order.reverse();
}
