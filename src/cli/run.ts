// One run of the command line: arguments in, text out, an exit code back. Never throws.

import { describeError, EXIT, exitCodeOf } from './exit-code.ts';
import { buildProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs `args` (without node and script). `signal` stops the work at its next safe point. */
export async function runCli(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const closers: (() => void)[] = [];
  try {
    await buildProgram({ terminal, signal, closers }).parseAsync([...args], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    for (const close of closers) close();
    terminal.err(describeError(error, args.includes('--debug')));
    return exitCodeOf(error);
  }
}
