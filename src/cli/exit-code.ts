// How a run ended, as a number for the shell and a line for the person.

import { CommanderError } from 'commander';
import { ConfigError, InterruptedError, SpikewattError } from '../core/index.ts';

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** 0 for help and version, 2 for a wrong option or setting, 130 when stopped by hand, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof InterruptedError) return EXIT.interrupted;
  return error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}

/**
 * What is printed for an error, with a newline: its message, and the stack with `debug`. A fault of the program's own says
 * that it is one. Empty for errors that commander has printed already.
 */
export function describeError(error: unknown, debug: boolean): string {
  if (error instanceof CommanderError) return '';
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof InterruptedError) return `${error.message}\n`;
  if (debug) return `error: ${stack}\n`;
  if (error instanceof SpikewattError) return `error: ${error.message}\n`;
  const message = error instanceof Error ? error.message : String(error);
  return `error: ${message} (this is a fault in Spikewatt; --debug shows where)\n`;
}
