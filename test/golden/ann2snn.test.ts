// Conversion against SpikingJelly's ann2snn, an MLP and a CNN with batch norm and average pooling. It keeps weights and scales spikes between layers; here the scales are folded
// into the weights, so spikes are 0 or 1 and the summed logits are the same numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CalibrateOptions, calibrate, convertNetwork, prepareNetwork } from '../../src/convert/index.ts';
import type { Dataset } from '../../src/data/index.ts';
import type { Backend } from '../../src/engine/index.ts';
import { lower, writeWeights } from '../../src/lower/index.ts';
import {
  averagePool,
  batchNorm,
  conv,
  convFromTorch,
  dense,
  denseFromTorch,
  flatten,
  ifNeuron,
  type LayerSpec,
  mapFromTorch,
  type NetworkSpec,
  network,
  slot,
  type Weights,
} from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { floats, type GoldenTensor, readGolden } from './files.ts';

interface Mode {
  readonly mode: 'max' | `${number}%` | number;
  readonly relu_scales: readonly number[];
  readonly expect: {
    readonly sum_output: GoldenTensor;
    readonly mean_output: GoldenTensor;
    readonly first_step_output: GoldenTensor;
    readonly last_step_output: GoldenTensor;
    readonly spike_counts: Readonly<Record<string, GoldenTensor>>;
    readonly predictions: GoldenTensor;
  };
}
interface Case {
  readonly name: string;
  readonly ann: readonly { readonly index: number; readonly type: string; readonly repr: string }[];
  readonly weights: Readonly<Record<string, GoldenTensor>>;
  /** With batch norms folded. */
  readonly fused_weights: Readonly<Record<string, GoldenTensor>>;
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

/** One layer of the peer's; its CNN pads its first convolution by 1. */
function layerOf(golden: Case, { index, type, repr }: Case['ann'][number]): LayerSpec {
  const size = golden.weights[`${index}.weight`]?.shape ?? [];
  switch (type) {
    case 'Linear':
      return dense(`${index}`, size[0]!);
    case 'Conv2d':
      return conv(`${index}`, size[0]!, size[2]!, { padding: repr.includes('padding=(1, 1)') ? 1 : 0 });
    case 'BatchNorm2d':
      return batchNorm(`${index}`, { epsilon: 1e-5 });
    case 'AvgPool2d':
      return averagePool(`${index}`, 2);
    case 'Flatten':
      return flatten(`${index}`);
    case 'ReLU':
      return slot(`${index}`, ifNeuron());
    default:
      throw new TypeError(`the golden file has a layer ${type}`);
  }
}

const specOf = (golden: Case): NetworkSpec => {
  const [channels, ...pixels] = golden.input.shape.slice(1);
  const layers = golden.ann.map((layer) => layerOf(golden, layer));
  return network(golden.name, [...pixels, channels!], layers);
};

/** Our names of a batch norm's parameters. */
const NORM_ROLES: Readonly<Record<string, string>> = {
  ...{ weight: 'scale', bias: 'shift', running_mean: 'mean', running_var: 'variance' },
};

const valuesOf = (tensor: GoldenTensor, map: [number, number, number] | undefined): Float32Array => {
  const { shape } = tensor;
  if (shape.length === 4) return convFromTorch(floats(tensor), shape as [number, number, number, number]);
  return shape.length === 2 ? denseFromTorch(floats(tensor), shape as [number, number], map) : floats(tensor);
};

const weightsOf = (golden: Case, weights: Case['weights']): Weights =>
  new Map(
    Object.entries(weights).map(([name, tensor]) => {
      const [index, role] = name.split('.') as [string, string];
      const at = golden.ann.findIndex((layer) => layer.index === Number(index));
      const flattened = golden.ann[at - 1]?.type === 'Flatten';
      const key = golden.ann[at]!.type === 'BatchNorm2d' ? NORM_ROLES[role]! : role;
      return [`${index}/${key}`, valuesOf(tensor, flattened ? [6, 2, 2] : undefined)];
    }),
  );

/** [N, F], or [N, C, H, W] with channels last. */
const samplesOf = (tensor: GoldenTensor): Float32Array =>
  tensor.shape.length === 4
    ? mapFromTorch(floats(tensor), tensor.shape as [number, number, number, number])
    : floats(tensor);

const datasetOf = (golden: Case): Dataset => {
  const values = Float32Array.from(golden.calibration.flatMap((batch) => [...samplesOf(batch)]));
  const samples = golden.calibration.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const [labels, { input: shape }] = [new Uint8Array(samples), specOf(golden)];
  return { name: 'calibration', source: 'golden', classes: ['0'], shape, samples, values, scale: 1, labels };
};

/** SpikingJelly averages every mode over batches, its `max` included. */
function calibrationOf({ mode }: Mode, batchSize: number): CalibrateOptions {
  if (mode === 'max') return { mode: 'max-moving-average', batchSize };
  if (typeof mode === 'string')
    return { mode: 'percentile', percentile: Number.parseFloat(mode), movingAverage: true, batchSize };
  return { mode: 'reciprocal', reciprocal: 1 / mode, movingAverage: true, batchSize };
}

async function checkMode(backend: Backend, golden: Case, mode: Mode): Promise<void> {
  const [spec, weights] = [specOf(golden), weightsOf(golden, golden.weights)];
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
  program.run({ samples, input: samplesOf(golden.input), seed: 0, epoch: 0 });
  const slots = spec.layers.filter(({ kind }) => kind === 'slot');
  Object.values(mode.expect.spike_counts).forEach((expected, i) => {
    const spikes = program.tensor(`${slots[i]!.name}@spikes`);
    assertSame(`${what}: spikes of ${slots[i]!.name}`, sumOverTime(spikes, expected), samplesOf(expected));
  });
  const membrane = program.tensor(lowered.outputs.membrane!);
  const sumAfter = (t: number): number[] =>
    Array.from({ length: samples * classes }, (_, k) =>
      t < 0 ? 0 : membrane[(Math.floor(k / classes) * file.T + t) * classes + (k % classes)]!,
    );
  const [sum, before] = [sumAfter(file.T - 1), sumAfter(file.T - 2)];
  assertClose(`${what}: sum`, sum, floats(mode.expect.sum_output), SUMMED);
  const mean = sum.map((value) => value / file.T);
  assertClose(`${what}: mean`, mean, floats(mode.expect.mean_output), GOLDEN_TOLERANCES.forward);
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

function sumOverTime(spikes: ArrayLike<number>, { shape }: GoldenTensor): Float64Array {
  const neurons = shape.slice(1).reduce((product, length) => product * length, 1);
  const sums = new Float64Array(spikes.length / file.T);
  for (let k = 0; k < spikes.length; k++)
    sums[Math.floor(k / (neurons * file.T)) * neurons + (k % neurons)]! += spikes[k]!;
  return sums;
}

test('batch norms fold into the weights that SpikingJelly folds them into', () => {
  for (const golden of file.cases) {
    const prepared = prepareNetwork(specOf(golden), weightsOf(golden, golden.weights), { foldLimit: 0 });
    const expected = weightsOf(golden, golden.fused_weights);
    assert.deepEqual([...prepared.weights.keys()].sort(), [...expected.keys()].sort());
    for (const [key, values] of expected)
      assertClose(`${golden.name}: ${key}`, prepared.weights.get(key)!, values, GOLDEN_TOLERANCES.forward);
  }
});

for (const { name, backend } of BACKENDS) {
  for (const golden of file.cases) {
    test(`conversion of the ${golden.name} gives SpikingJelly's scales, spikes and outputs in all modes (${name})`, async () => {
      assert.deepEqual(golden.modes.map(({ mode }) => mode).slice(0, 3), ['max', '99.9%', 0.5]);
      for (const mode of golden.modes) await checkMode(await backend(), golden, mode);
    });
  }
}
