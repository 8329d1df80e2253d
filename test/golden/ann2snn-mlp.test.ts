// Conversion against SpikingJelly's ann2snn. It keeps weights and scales spikes between layers; here the scales are folded
// into the weights, so spikes are 0 or 1 and the summed logits are the same numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CalibrateOptions, calibrate, convertNetwork } from '../../src/convert/index.ts';
import type { Dataset } from '../../src/data/index.ts';
import type { Backend } from '../../src/engine/index.ts';
import { lower, writeWeights } from '../../src/lower/index.ts';
import { dense, ifNeuron, type NetworkSpec, network, slot, type Weights } from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { floats, type GoldenTensor, inOut, partition, readGolden } from './files.ts';

interface Mode {
  readonly mode: 'max' | `${number}%` | number;
  readonly relu_scales: readonly number[];
  readonly expect: {
    readonly sum_output: GoldenTensor;
    readonly first_step_output: GoldenTensor;
    readonly last_step_output: GoldenTensor;
    readonly spike_counts: Readonly<Record<string, GoldenTensor>>;
    readonly predictions: GoldenTensor;
  };
}
interface Case {
  readonly name: string;
  readonly ann: readonly { readonly index: number; readonly type: string }[];
  readonly weights: Readonly<Record<string, GoldenTensor>>;
  readonly calibration: readonly GoldenTensor[];
  readonly input: GoldenTensor;
  readonly ann_output: GoldenTensor;
  readonly modes: readonly Mode[];
}
interface File {
  readonly T: number;
  readonly cases: readonly Case[];
}

const file = readGolden<File>('ann2snn');
/** Logits summed over 20 steps reach 180 and cancel: float32 rounds each partial sum by up to 8e-6. */
const SUMMED = 5e-5;

const { supported, unsupported } = partition(file.cases, ({ ann }) =>
  ann.some(({ type }) => type.startsWith('Conv')) ? 'convolutions are not in the engine yet' : undefined,
);

test('conversion: what is left out, and why', () => {
  assert.deepEqual(
    unsupported.map(({ golden, reason }) => [golden.name, reason]),
    [['cnn', 'convolutions are not in the engine yet']],
  );
});

const specOf = (golden: Case): NetworkSpec => {
  const inputs = golden.input.shape[1]!;
  const layers = golden.ann.map(({ index, type }) =>
    type === 'Linear'
      ? dense(`fc${index}`, golden.weights[`${index}.weight`]!.shape[0]!)
      : slot(`relu${index}`, ifNeuron()),
  );
  return network(golden.name, [inputs], layers);
};

const weightsOf = (golden: Case): Weights =>
  new Map(
    Object.entries(golden.weights).map(([name, tensor]) => {
      const [index, role] = name.split('.');
      return [`fc${index}/${role}`, role === 'weight' ? inOut(tensor) : floats(tensor)];
    }),
  );

const datasetOf = (golden: Case): Dataset => {
  const batches = golden.calibration.map(floats);
  const values = Float32Array.from(batches.flatMap((batch) => [...batch]));
  const [samples, size] = [values.length / golden.input.shape[1]!, golden.input.shape[1]!];
  const labels = new Uint8Array(samples);
  return { name: 'calibration', source: 'golden', classes: ['0'], shape: [size], samples, values, scale: 1, labels };
};

/** SpikingJelly averages every mode over batches, its `max` included. */
function calibrationOf({ mode }: Mode, batchSize: number): CalibrateOptions {
  if (mode === 'max') return { mode: 'max-moving-average', batchSize };
  if (typeof mode === 'string')
    return { mode: 'percentile', percentile: Number.parseFloat(mode), movingAverage: true, batchSize };
  return { mode: 'reciprocal', reciprocal: 1 / mode, movingAverage: true, batchSize };
}

async function checkMode(backend: Backend, golden: Case, mode: Mode): Promise<void> {
  const [spec, weights] = [specOf(golden), weightsOf(golden)];
  const what = `${golden.name}, mode ${mode.mode}`;
  const batchSize = golden.calibration[0]!.shape[0]!;
  const scales = await calibrate(backend, spec, weights, datasetOf(golden), calibrationOf(mode, batchSize));
  assertClose(`${what}: scales`, [...scales.values()], mode.relu_scales, GOLDEN_TOLERANCES.forward);
  const converted = convertNetwork(spec, weights, scales);
  const lowered = lower(converted.spec, {
    mode: 'snn',
    timesteps: file.T,
    input: { source: 'floats' },
    purpose: 'infer',
    observe: { spikes: 'all' },
  });
  const [samples, classes] = golden.ann_output.shape as [number, number];
  const program = backend.compile(lowered.plan, { samples });
  writeWeights(program, lowered, converted.weights);
  program.run({ samples, input: floats(golden.input), seed: 0, epoch: 0 });
  const slots = spec.layers.filter(({ kind }) => kind === 'slot');
  Object.values(mode.expect.spike_counts).forEach((expected, i) => {
    const spikes = program.tensor(`${slots[i]!.name}@spikes`);
    assertSame(`${what}: spikes of ${slots[i]!.name}`, sumOverTime(spikes, expected.shape[1]!), floats(expected));
  });
  const membrane = program.tensor(lowered.outputs.membrane!);
  const sumAfter = (t: number): number[] =>
    Array.from({ length: samples * classes }, (_, k) =>
      t < 0 ? 0 : membrane[(Math.floor(k / classes) * file.T + t) * classes + (k % classes)]!,
    );
  const [sum, before] = [sumAfter(file.T - 1), sumAfter(file.T - 2)];
  assertClose(`${what}: sum`, sum, floats(mode.expect.sum_output), SUMMED);
  assertClose(`${what}: first step`, sumAfter(0), floats(mode.expect.first_step_output), GOLDEN_TOLERANCES.forward);
  const last = sum.map((value, k) => value - before[k]!);
  assertClose(`${what}: last step`, last, floats(mode.expect.last_step_output), SUMMED);
  const predictions = Array.from({ length: samples }, (_, i) => {
    const row = sum.slice(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
  assertSame(`${what}: predictions`, predictions, floats(mode.expect.predictions));
  program.close();
}

function sumOverTime(spikes: ArrayLike<number>, neurons: number): Float64Array {
  const sums = new Float64Array(spikes.length / file.T);
  for (let k = 0; k < spikes.length; k++)
    sums[Math.floor(k / (neurons * file.T)) * neurons + (k % neurons)]! += spikes[k]!;
  return sums;
}

for (const { name, backend } of BACKENDS) {
  test(`conversion of an MLP gives SpikingJelly's scales, spikes and outputs in all modes (${name})`, async () => {
    for (const golden of supported) for (const mode of golden.modes) await checkMode(await backend(), golden, mode);
  });
}
