// One case in a process of its own, so that its peak memory is its own: prints one JSON line. Used by the pipelines and peers
// benches: node bench/case-process.ts CASE THREADS STEPS INFERENCES [FOLDER of images and start weights]

import { parseArgs } from 'node:util';
import { peakMemoryBytes } from '#platform';
import { loadDataset } from '../src/data/index.ts';
import { wasmBackend } from '../src/engine/index.ts';
import { initialWeights } from '../src/model/index.ts';
import { type BenchCase, caseNamed } from './cases.ts';
import { readImages, readWeightsFile } from './image-set.ts';
import { spikeRates } from './spike-rates.ts';
import { time, timingOf } from './statistics.ts';
import { workload } from './workload.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [threads, steps, inferences] = positionals.slice(1, 4).map(Number);
const entry = caseNamed(positionals[0]);
const { train, test, start } = await materials(entry, positionals[4]);

async function materials({ data, name, network }: BenchCase, folder: string | undefined) {
  if (data === 'mnist') return { ...(await loadDataset('mnist')), start: initialWeights(network, 1) };
  if (folder === undefined) throw new Error(`case "${name}" needs the folder that bench/image-set.ts writes`);
  return { ...readImages(folder), start: readWeightsFile(folder, name, network) };
}

const backend = await wasmBackend({ threads: threads! });
const work = workload(backend, entry, train, start);
const losses: number[] = [];
const step = (): number => time(() => losses.push(work.trainStep()));
const warmup = Math.ceil(steps! / 4);
for (let k = 0; k < warmup; k++) step();
const before = work.weights();
const stepTimes = Array.from({ length: steps! }, step);
let accuracy = 0;
const inferTimes = Array.from({ length: inferences! }, () =>
  time(() => {
    accuracy = work.infer(test);
  }),
);
// Before anything else takes memory.
const peakMiB = peakMemoryBytes()! / 2 ** 20;
const after = work.weights();
work.close();
const [first, last] = [await spikeRates(backend, entry, before, train), await spikeRates(backend, entry, after, train)];
await backend.close();
console.log(
  JSON.stringify({
    step: timingOf(stepTimes),
    inference: timingOf(inferTimes),
    images: test.samples,
    peakMiB,
    programMiB: work.bytes / 2 ** 20,
    firstLoss: losses[0],
    lastLoss: losses.at(-1),
    accuracy,
    rates: first.map(({ layer, rate }, k) => ({ layer, first: rate, last: last[k]!.rate })),
    simdBits: backend.simdBits,
  }),
);
