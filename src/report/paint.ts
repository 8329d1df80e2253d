// Terminal colours. Meaning never hangs on colour alone, and the two hues (blue, yellow) differ for colour-blind readers too.

const CODES = { bold: 1, dim: 2, blue: 34, yellow: 33 } as const;

export type Paint = (text: string, style: keyof typeof CODES) => string;

/** Wraps text in escape sequences, or leaves it alone. */
export const painter = (color: boolean): Paint =>
  color ? (text, style) => `\u001b[${CODES[style]}m${text}\u001b[0m` : (text) => text;
