// Convolutional networks of snnTorch and SpikingJelly, a conv, neurons, a pool and a dense layer of neurons, trained for one
// batch: spikes, loss, gradients by weights and by the input, and the running statistics of a batch norm.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, Program } from '../../src/engine/index.ts';
import { type LossChoice, type Lowered, lower, writeWeights } from '../../src/lower/index.ts';
import {
  averagePool,
  batchNorm,
  conv,
  convFromTorch,
  dense,
  denseFromTorch,
  dialects,
  flatten,
  inferShapes,
  type LayerSpec,
  mapFromTorch,
  maxPool,
  type NetworkSpec,
  network,
  slot,
} from '../../src/model/index.ts';
import { assertClose, assertCloseToScale, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, readGolden } from './files.ts';
import { total } from './neuron-bench.ts';

interface Params {
  readonly pool: 'avg' | 'max';
  /** snnTorch */
  readonly pad?: number;
  readonly stride?: number;
  readonly order?: 'conv-lif-pool' | 'conv-pool-lif';
  readonly beta?: number;
  readonly threshold?: number;
  /** SpikingJelly */
  readonly bn?: boolean;
  readonly loss: string;
  readonly T: number;
}
type Tensors = Readonly<Record<string, GoldenTensor>>;
interface Case {
  readonly name: string;
  readonly params: Params;
  readonly init: Tensors;
  readonly input: GoldenTensor;
  readonly targets: GoldenTensor;
  readonly expect: {
    readonly forward: Tensors;
    readonly loss: number;
    readonly grads: Tensors;
    readonly grad_input: GoldenTensor;
    readonly running_stats_after?: Tensors;
  };
}

const LOSSES: Readonly<Record<string, LossChoice>> = {
  'mse_count_loss(.8,.2)': { kind: 'mse-count', onTarget: 0.8, offTarget: 0.2 },
  'mse(mean over T, one-hot)': { kind: 'mse-rate' },
};

const [FILTERS, CLASSES, INPUT] = [4, 4, [8, 8, 2]];

function snntorchLayers({ pool, pad = 0, stride = 1, order, beta, threshold }: Params): LayerSpec[] {
  const neuron = dialects.snntorch.leaky({ beta: beta!, threshold: threshold! });
  const pooled = pool === 'avg' ? averagePool('pool', 2) : maxPool('pool', 2);
  const [first, second] = order === 'conv-lif-pool' ? [slot('n1', neuron), pooled] : [pooled, slot('n1', neuron)];
  const head = conv('conv', FILTERS, 3, { padding: pad, stride });
  return [head, first, second, flatten(), dense('fc', CLASSES), slot('n2', neuron)];
}

function spikingjellyLayers({ pool, bn }: Params): LayerSpec[] {
  const atan = { surrogate: { kind: 'atan', slope: 2 }, vReset: 0, detachReset: false } as const;
  const { ifNode, lifNode } = dialects.spikingjelly;
  const hidden = bn ? lifNode({ ...atan, tau: 2, decayInput: true }) : ifNode(atan);
  return [
    conv('conv', FILTERS, 3, { padding: 1, bias: !bn }),
    ...(bn ? [batchNorm('bn', { epsilon: 1e-5, momentum: 0.1 })] : []),
    slot('n1', hidden),
    pool === 'avg' ? averagePool('pool', 2) : maxPool('pool', 2),
    flatten(),
    dense('fc', CLASSES),
    slot('n2', ifNode(atan)),
  ];
}

const specOf = ({ name, params }: Case): NetworkSpec =>
  network(name, INPUT, params.beta === undefined ? spikingjellyLayers(params) : snntorchLayers(params));

/** Names of SpikingJelly's parameters are places in its Sequential. */
function keyOf(name: string, bn: boolean): string {
  const [module, field] = name.split('.') as [string, string];
  const layer = bn ? { 0: 'conv', 1: 'bn', 5: 'fc' }[module] : { 0: 'conv', 4: 'fc' }[module];
  if (layer !== 'bn') return `${layer ?? module}/${field}`;
  return `bn/${{ weight: 'scale', bias: 'shift', running_mean: 'mean', running_var: 'variance' }[field]}`;
}

/** Values of a parameter, or of something of its shape, in our order. */
function valuesOf(spec: NetworkSpec, key: string, tensor: GoldenTensor): Float32Array {
  const [values, shape] = [floats(tensor), tensor.shape];
  if (key === 'conv/weight') return convFromTorch(values, shape as [number, number, number, number]);
  if (key !== 'fc/weight') return values;
  const [height, width, channels] = inferShapes(spec).find(({ kind }) => kind === 'flatten')!.input;
  return denseFromTorch(values, shape as [number, number], [channels!, height!, width!]);
}

/** Maps [B, C, H, W] or [T, B, C, H, W], or spikes [T, B, N], as our [B, (T,) ...]. */
function rowsOf(tensor: GoldenTensor): Float32Array {
  const { shape } = tensor;
  if (shape.length === 3) return batchFirst(tensor);
  const map = shape.slice(-3) as [number, number, number];
  const rows = shape.length === 5 ? batchFirst(tensor) : floats(tensor);
  return mapFromTorch(rows, [rows.length / (map[0] * map[1] * map[2]), ...map]);
}

/** The network on its batch, once forward and back. */
function run(backend: Backend, golden: Case, spec: NetworkSpec): { program: Program; lowered: Lowered } {
  const { params, input, init, targets } = golden;
  const lowered = lower(spec, {
    ...{ mode: 'snn', timesteps: params.T, purpose: 'train', loss: LOSSES[params.loss]! },
    input: { source: 'floats', sequence: input.shape.length === 5 },
    optimizer: { kind: 'sgd' },
    observe: { spikes: 'all', membranes: 'all', inputGradient: true },
  });
  const samples = targets.shape[0]!;
  const program = backend.compile(lowered.plan, { samples });
  const weights = Object.entries(init).map(([name, tensor]) => {
    const key = keyOf(name, params.bn ?? false);
    return [key, valuesOf(spec, key, tensor)] as const;
  });
  writeWeights(program, lowered, new Map(weights));
  const labels = Uint8Array.from(floats(targets));
  program.run({ samples, input: rowsOf(input), labels, seed: 0, epoch: 0 });
  return { program, lowered };
}

function check(backend: Backend, golden: Case): void {
  const spec = specOf(golden);
  const { program, lowered } = run(backend, golden, spec);
  const { forward, loss, grads, grad_input, running_stats_after = {} } = golden.expect;
  const key = (name: string): string => keyOf(name, golden.params.bn ?? false);
  assertSame('spk1', program.tensor('n1@spikes'), rowsOf(forward.spk1!));
  assertSame('spk2', program.tensor('n2@spikes'), rowsOf(forward.spk2!));
  if (forward.mem2) assertClose('mem2', program.tensor('n2@membrane'), rowsOf(forward.mem2), TOLERANCE.forward);
  assertClose('loss', [total(program.tensor(lowered.outputs.losses!))], [loss], TOLERANCE.forward);
  assert.deepEqual(new Set(Object.keys(grads).map(key)), new Set(lowered.gradients.keys()));
  for (const [name, tensor] of Object.entries(grads)) {
    const gradient = program.read(lowered.gradients.get(key(name))!);
    assertCloseToScale(`d ${name}`, gradient, valuesOf(spec, key(name), tensor), TOLERANCE.gradient);
  }
  const dInput = program.tensor(lowered.outputs.inputGradient!);
  assertCloseToScale('d input', dInput, rowsOf(grad_input), TOLERANCE.gradient);
  for (const [name, tensor] of Object.entries(running_stats_after))
    assertClose(name, program.read(key(name)), floats(tensor), TOLERANCE.forward);
  program.close();
}

for (const [file, count] of [
  ['cnn_snntorch', 4],
  ['cnn_spikingjelly', 3],
] as const) {
  const { cases } = readGolden<{ readonly cases: readonly Case[] }>(file);
  test(`${file}: every case is run`, () => {
    assert.equal(cases.length, count);
    assert.ok(cases.every(({ params }) => params.loss in LOSSES));
    const norms = cases.filter(({ expect }) => expect.running_stats_after !== undefined);
    assert.equal(norms.length, cases.filter(({ params }) => params.bn).length);
  });
  for (const { name, backend } of BACKENDS)
    for (const golden of cases)
      test(`${golden.name} on ${name}`, async () => {
        check(await backend(), golden);
      });
}
