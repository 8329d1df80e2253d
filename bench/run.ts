// npm run bench -- [kernels] [pipelines] [crossover] [--threads 1,2] [--repeats N] [--steps N] [--json] [--figure FILE]
// Times the engine on this machine. Without a name: kernels and pipelines.

import { parseArgs } from 'node:util';
import { benchCrossover, crossoverText } from './crossover.ts';
import { writeFigure } from './crossover-figure.ts';
import { benchKernels, kernelTable } from './kernels.ts';
import { machine, machineLine } from './machine.ts';
import { benchPipelines, pipelineTable } from './pipelines.ts';

const NAMES = ['kernels', 'pipelines', 'crossover'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '1,2' },
    repeats: { type: 'string', default: '3' },
    steps: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
    figure: { type: 'string' },
  },
});

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name}: got "${text}", expected a whole number from 1 on`);
  return value;
};

async function bench(): Promise<void> {
  const chosen = positionals.length > 0 ? positionals : ['kernels', 'pipelines'];
  const wrong = chosen.find((name) => !NAMES.includes(name));
  if (wrong !== undefined) throw new Error(`there is no bench "${wrong}"; there are ${NAMES.join(', ')}`);
  const threads = values.threads.split(',').map((text) => wholeNumber('threads', text));
  const [repeats, steps] = [wholeNumber('repeats', values.repeats), wholeNumber('steps', values.steps)];
  const about = machine();
  const results: Record<string, unknown> = { machine: about };
  const say = (text: string): void => {
    if (!values.json) console.log(`${text}\n`);
  };
  say(machineLine(about));
  if (chosen.includes('kernels')) {
    const kernels = await benchKernels(repeats);
    results.kernels = kernels;
    say(kernelTable(kernels));
  }
  if (chosen.includes('pipelines')) {
    const pipelines = await benchPipelines({ threads, repeats, steps });
    results.pipelines = pipelines;
    say(pipelineTable(pipelines));
  }
  if (chosen.includes('crossover')) {
    const crossover = await benchCrossover(repeats);
    results.crossover = crossover;
    say(crossoverText(crossover));
    if (values.figure !== undefined) await writeFigure(crossover, values.figure);
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
}

await bench().catch((error: Error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
