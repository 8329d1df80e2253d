// All that meters see of the machine, so that tests can show them another: files, folders, programs, a clock.

import { hostInfo, listDirectory, now, processUsage, readText, runCommand } from '#platform';
import { type CommandResult, type ProcessUsage, type Seconds, seconds } from '../core/index.ts';
import { MeterError } from './meter-error.ts';

export interface SystemView {
  /** `linux`, `darwin`, `win32`, ..., or `browser`. */
  readonly system: string;
  /** Throws MeterError. */
  readText(path: string): Promise<string>;
  /** Names in a folder; none where it is missing or closed. */
  list(path: string): Promise<readonly string[]>;
  /** What a program wrote. Throws MeterError when it is missing, hangs, or ends with another code than 0. */
  run(program: string, args: readonly string[], timeout?: Seconds): Promise<string>;
  processUsage(): ProcessUsage | undefined;
  now(): Seconds;
}

/** Drivers of cards that sleep may take seconds to answer. */
const TIMEOUT = seconds(10);

/** The machine this runs on. */
export function systemView(): SystemView {
  return {
    system: hostInfo().system.split(' ')[0]!,
    readText: readOrThrow,
    list: (path) => listDirectory(path).catch(() => []),
    run: async (program, args, timeout = TIMEOUT) => outputOf(program, await runCommand(program, args, timeout)),
    processUsage,
    now,
  };
}

const FILE_PROBLEMS = {
  missing: 'not there, or gone',
  denied: 'this user may not read it',
  failed: 'cannot be read',
} as const;

async function readOrThrow(path: string): Promise<string> {
  const file = await readText(path);
  if ('text' in file) return file.text;
  throw new MeterError(file.problem, path, `${FILE_PROBLEMS[file.problem]} (${file.why})`);
}

const PROGRAM_PROBLEMS = {
  missing: 'not installed, or not on the PATH',
  denied: 'this user may not run it',
  timeout: 'does not answer',
  failed: 'failed',
} as const;

/** Standard output of a program that ended well. Throws MeterError, with what the program complained of. */
export function outputOf(program: string, result: CommandResult): string {
  if ('problem' in result) {
    const problem = result.problem === 'timeout' ? 'failed' : result.problem;
    throw new MeterError(problem, program, `${PROGRAM_PROBLEMS[result.problem]} (${result.why})`);
  }
  if (result.code === 0) return result.out;
  const said = `${result.err}\n${result.out}`.trim().split('\n')[0]!.slice(0, 200);
  const problem = /permission|superuser|not permitted|root/i.test(said) ? 'denied' : 'failed';
  throw new MeterError(problem, program, said === '' ? `ended with code ${result.code}` : said);
}
