// How many terminal cells a text takes: two for East Asian wide characters and emoji, none for combining marks.

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const INVISIBLE = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

/** Cells of a text without escape sequences. */
export function textWidth(text: string): number {
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) cells += cellsOf(segment);
  return cells;
}

function cellsOf(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}

/** The text in exactly `width` cells (more if it is longer). */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Lines of at most `width` cells, broken at spaces; a longer word is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(/[ \t\n]+/)
    .filter((part) => part !== '')
    .flatMap((part) => cut(part, width))) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

function cut(word: string, width: number): string[] {
  if (textWidth(word) <= width) return [word];
  const parts = [''];
  let used = 0;
  for (const { segment } of segmenter.segment(word)) {
    const cells = cellsOf(segment);
    if (used + cells > width && used > 0) {
      parts.push('');
      used = 0;
    }
    parts[parts.length - 1] += segment;
    used += cells;
  }
  return parts;
}

/** The text cut to `width` cells, with an ellipsis where something was cut. */
export function clip(text: string, width: number): string {
  return textWidth(text) <= width ? text : `${cut(text, Math.max(1, width - 1))[0]}…`;
}
