// Runs the command line as a user does: another process, its two streams apart.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the command line in `cwd`; its streams are no terminals. */
export function start(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): ChildProcessWithoutNullStreams {
  const settings = { ...process.env, NO_COLOR: '', FORCE_COLOR: '', COLUMNS: '100', ...env };
  return spawn(process.execPath, ['--conditions=source', MAIN, ...args], { cwd, env: settings });
}

/** Collects what a process prints until it ends. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

export const spikewatt = (cwd: string, ...args: readonly string[]): Promise<Finished> => finish(start(args, cwd));

/** A study of a second: made-up patterns, a small network. */
export const TINY = [
  ...['--data', 'blobs', '--hidden', '9', '--timesteps', '6', '--epochs', '25', '--batch-size', '12'],
  ...['--learning-rate', '0.02', '--convert-timesteps', '3,7', '--threads', '1'],
];
