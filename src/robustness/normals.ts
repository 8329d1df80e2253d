// Random words to numbers: uniform ones, and standard normal ones by Box and Muller 1958.

/** Uniform in (0, 1): the middle of a word's interval. */
export const toUnit = (word: number): number => (word + 0.5) / 2 ** 32;

/** Words, an even number, to as many standard normals: each pair gives the two coordinates of a point. */
export function normals(words: Uint32Array): Float32Array {
  const values = new Float32Array(words.length);
  for (let i = 0; i < words.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(toUnit(words[i]!)));
    const angle = 2 * Math.PI * toUnit(words[i + 1]!);
    values[i] = radius * Math.cos(angle);
    values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
