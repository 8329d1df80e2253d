// The terminal: two streams, their width, and whether colours are wanted. https://no-color.org

import { stripVTControlCharacters } from 'node:util';

export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress, notes and errors. */
  err(text: string): void;
  /** Is stderr a terminal, so that a bar can be redrawn on it? */
  readonly interactive: boolean;
  /** Cells of a line on stdout; 100 where it is not a terminal. */
  readonly width: number;
  readonly color: boolean;
}

const WIDTH_OF_FILES = 100;
/** Narrower than this a table cannot be laid out. */
const LEAST_WIDTH = 40;

interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A terminal on these streams; `env` is asked for COLUMNS, NO_COLOR, FORCE_COLOR and TERM. */
export function openTerminal(out: Stream, err: Stream, env: Readonly<Record<string, string | undefined>>): Terminal {
  const columns = out.isTTY ? out.columns : Number(env.COLUMNS);
  const color = wantsColor(out, env);
  return {
    out: (text) => void out.write(color ? text : stripVTControlCharacters(text)),
    err: (text) => void err.write(text),
    interactive: err.isTTY === true && env.TERM !== 'dumb',
    width: columns !== undefined && columns > 0 ? Math.max(LEAST_WIDTH, columns) : WIDTH_OF_FILES,
    color,
  };
}

function wantsColor(out: Stream, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return out.isTTY === true && env.TERM !== 'dumb';
}
