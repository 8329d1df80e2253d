// The command line's entry: streams, signals and the exit code. Everything else is in `run.ts`, which tests call too.

import { EXIT } from './exit-code.ts';
import { runCli } from './run.ts';
import { openTerminal } from './terminal.ts';

const interrupt = new AbortController();

/** The first Ctrl-C stops the work at the next safe point and saves it; the second ends the process at once. */
function onInterrupt(): void {
  if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
  interrupt.abort();
  process.stderr.write('\nstopping at the next safe point (Ctrl-C again to stop at once)\n');
}

/** Whoever read our output has gone (`| head`): there is nobody left to tell. */
function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
}

process.on('SIGINT', onInterrupt);
process.on('SIGTERM', onInterrupt);
process.stdout.on('error', onStreamError);
process.stderr.on('error', onStreamError);

const terminal = openTerminal(process.stdout, process.stderr, process.env);
process.exitCode = await runCli(process.argv.slice(2), terminal, interrupt.signal);
