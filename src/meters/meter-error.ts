import { SpikewattError } from '../core/index.ts';

/** `missing`: not there, or gone. `denied`: there, but not for this user. `nonsense`: a value that cannot be. `failed`: the rest. */
export type MeterProblem = 'missing' | 'denied' | 'nonsense' | 'failed';

/** A meter that cannot be read; names the file or program, and what it said. */
export class MeterError extends SpikewattError {
  override name = 'MeterError';
  readonly problem: MeterProblem;
  constructor(problem: MeterProblem, where: string, message: string) {
    super(`${where}: ${message}`);
    this.problem = problem;
  }
}

/** The problem of an error that a meter threw; rethrows what is no MeterError. */
export function problemOf(error: unknown): MeterError {
  if (error instanceof MeterError) return error;
  throw error;
}
