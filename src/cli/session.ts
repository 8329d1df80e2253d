// What a command works with: the terminal, the signal that stops it, and how it tells and shows what it does.

import { type Progress, silentProgress } from '../experiment/index.ts';
import { showProgress } from './progress-bar.ts';
import type { GlobalOptions } from './study-options.ts';
import type { Terminal } from './terminal.ts';

export interface Session {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** What must be closed before anything else is printed on stderr. */
  readonly closers: (() => void)[];
}

/** Progress on stderr, unless it is not wanted. */
export function progressOf({ terminal, closers }: Session, { quiet }: GlobalOptions): Progress {
  if (quiet === true) return silentProgress;
  const progress = showProgress(terminal);
  closers.push(progress.close);
  return progress;
}

/** Prints a result: as one JSON document, or as text with a newline. */
export function printResult(
  { terminal }: Session,
  { json }: GlobalOptions,
  document: unknown,
  text: () => string,
): void {
  terminal.out(json === true ? `${JSON.stringify(document, null, 2)}\n` : `${text()}\n`);
}
