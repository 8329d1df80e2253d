// npm run bench -- [kernels] [pipelines] [latency] [crossover] [conv-crossover] [attack] [--only TEXT] [--images FOLDER] [--threads 1,2]
//   [--repeats N] [--steps N] [--json] [--figure FILE]
// Times the engine on this machine. Without a name: kernels, pipelines and latency. --only takes the cases and kernels whose names
// contain a text; --images, for convolutional networks, a folder such as CIFAR-10's; --figure writes the crossover.

import { parseArgs } from 'node:util';
import { attackTable, benchAttack } from './attack.ts';
import { CASES } from './cases.ts';
import { benchConvCrossover, convCrossoverText } from './conv-crossover.ts';
import { benchCrossover, crossoverText } from './crossover.ts';
import { writeFigure } from './crossover-figure.ts';
import { writeImageSet } from './image-set.ts';
import { benchKernels, kernelTable } from './kernels.ts';
import { benchLatency, latencyTable } from './latency.ts';
import { machine, machineLine } from './machine.ts';
import { benchOnnx, onnxTable } from './onnx.ts';
import { benchPipelines, pipelineTable } from './pipelines.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    images: { type: 'string' },
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

const threads = () => values.threads.split(',').map((text) => wholeNumber('threads', text));
const repeats = () => wholeNumber('repeats', values.repeats);
const steps = () => wholeNumber('steps', values.steps);
const cases = () => CASES.filter(({ name }) => name.includes(values.only));

/** Written once, for the benches that take it; undefined if no case does. */
let written: Promise<string> | undefined;
const imageFolder = async (): Promise<string | undefined> => {
  if (!cases().some(({ data }) => data === 'images')) return undefined;
  written ??= writeImageSet(values.images);
  return written;
};

interface Outcome {
  readonly data: unknown;
  readonly text: string;
}

const BENCHES: Readonly<Record<string, () => Promise<Outcome>>> = {
  kernels: async () => {
    const data = await benchKernels(repeats(), values.only);
    return { data, text: kernelTable(data) };
  },
  pipelines: async () => {
    const options = { threads: threads(), repeats: repeats(), steps: steps(), cases: cases() };
    const data = await benchPipelines({ ...options, folder: await imageFolder() });
    return { data, text: pipelineTable(data) };
  },
  latency: async () => {
    const folder = await imageFolder();
    const data = folder === undefined ? [] : await benchLatency(cases(), steps(), folder);
    return { data, text: latencyTable(data) };
  },
  crossover: async () => {
    const data = await benchCrossover(repeats());
    if (values.figure !== undefined) await writeFigure(data, values.figure);
    return { data, text: crossoverText(data) };
  },
  'conv-crossover': async () => {
    const data = await benchConvCrossover(repeats());
    return { data, text: convCrossoverText(data) };
  },
  onnx: async () => {
    const data = await benchOnnx(repeats(), values.only);
    return { data, text: onnxTable(data) };
  },
  attack: async () => {
    const options = { threads: Math.max(...threads()), steps: steps(), folder: await imageFolder() };
    const data = await benchAttack(cases(), options);
    return { data, text: attackTable(data) };
  },
};

async function bench(): Promise<void> {
  const chosen = positionals.length > 0 ? positionals : ['kernels', 'pipelines', 'latency'];
  const names = Object.keys(BENCHES);
  const wrong = chosen.find((name) => !names.includes(name));
  if (wrong !== undefined) throw new Error(`there is no bench "${wrong}"; there are ${names.join(', ')}`);
  const about = machine();
  const results: Record<string, unknown> = { machine: about };
  if (!values.json) console.log(`${machineLine(about)}\n`);
  for (const name of names.filter((one) => chosen.includes(one))) {
    const { data, text } = await BENCHES[name]!();
    results[name] = data;
    if (!values.json) console.log(`${text}\n`);
  }
  if (values.json) console.log(JSON.stringify(results, null, 2));
}

await bench().catch((error: Error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
