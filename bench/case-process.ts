// One case in a process of its own, so that its peak memory is its own: prints one JSON line. Used by the pipelines and peers
// benches: node bench/case-process.ts CASE THREADS STEPS INFERENCES

import { parseArgs } from 'node:util';
import { peakMemoryBytes } from '#platform';
import { loadDataset } from '../src/data/index.ts';
import { wasmBackend } from '../src/engine/index.ts';
import { CASES } from './cases.ts';
import { time, timingOf } from './statistics.ts';
import { workload } from './workload.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [name, threads, steps, inferences] = [positionals[0], ...positionals.slice(1, 4).map(Number)];
const entry = CASES.find((one) => one.name === name);
if (entry === undefined)
  throw new Error(`there is no case "${name}"; there are ${CASES.map((one) => one.name).join(', ')}`);

const { train, test } = await loadDataset('mnist');
const backend = await wasmBackend({ threads: threads! });
const work = workload(backend, entry, train);
const losses: number[] = [];
const warmup = Math.ceil(steps! / 4);
const stepTimes = Array.from({ length: warmup + steps! }, () => time(() => losses.push(work.trainStep())));
let accuracy = 0;
const inferTimes = Array.from({ length: inferences! }, () =>
  time(() => {
    accuracy = work.infer(test);
  }),
);
work.close();
await backend.close();
console.log(
  JSON.stringify({
    step: timingOf(stepTimes.slice(warmup)),
    inference: timingOf(inferTimes),
    images: test.samples,
    peakMiB: peakMemoryBytes()! / 2 ** 20,
    programMiB: work.bytes / 2 ** 20,
    firstLoss: losses[0],
    lastLoss: losses.at(-1),
    accuracy,
    simdBits: backend.simdBits,
  }),
);
