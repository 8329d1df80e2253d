// Losses on spikes and membranes: value and gradient, as snnTorch and SpikingJelly users compute them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, LossKind, Plan } from '../../src/engine/index.ts';
import { assertClose, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, partition, readGolden } from './files.ts';
import { total } from './neuron-bench.ts';

interface Params {
  readonly correct_rate?: number;
  readonly incorrect_rate?: number;
  readonly on_target?: number;
  readonly off_target?: number;
  readonly reduction?: string;
  readonly weight?: readonly number[];
  readonly population_code?: boolean;
}
interface Case {
  readonly name: string;
  readonly params?: Params;
  readonly spk: GoldenTensor;
  readonly targets: GoldenTensor;
  readonly expect: { readonly loss: number; readonly grad: GoldenTensor };
}
interface File {
  readonly cases: readonly Case[];
  readonly spikingjelly: readonly Case[];
}

const KINDS: Readonly<Record<string, LossKind>> = {
  mse_count_loss: 'mse-count',
  ce_rate_loss: 'ce-rate',
  ce_count_loss: 'ce-count',
  ce_max_membrane_loss: 'ce-max-membrane',
  mse_membrane_loss: 'mse-membrane',
  'mse(mean firing rate, one': 'mse-rate',
};
const kindOf = (name: string): LossKind | undefined => KINDS[name.split('-')[0]!];

const file = readGolden<File>('losses');
const all = [...file.cases, ...file.spikingjelly];
const { supported, unsupported } = partition(all, ({ name, params = {} }) => {
  if (params.weight) return 'class weights';
  if (params.population_code) return 'population code: several outputs for one class';
  if (params.reduction === 'none') return 'unreduced: a loss a sample and class';
  return kindOf(name) ? undefined : 'a kind we do not have';
});

function planOf(loss: LossKind, params: Params, T: number, C: number): Plan {
  const step = (id: string) => ({ id, rows: 'step', features: C, values: 'analog', keep: 'batch' }) as const;
  return {
    timesteps: T,
    tensors: [
      ...[step('output'), step('dOutput')],
      { id: 'losses', rows: 'sample', features: 1, values: 'analog', keep: 'batch' },
    ],
    parameters: [],
    forward: [
      { kernel: 'load', layer: 'output', source: 'floats', scale: 1, x: 'output' },
      {
        ...{ kernel: 'loss', layer: 'loss', loss, output: 'output', dOutput: 'dOutput', losses: 'losses' },
        onTarget: params.correct_rate ?? params.on_target ?? 1,
        offTarget: params.incorrect_rate ?? params.off_target ?? 0,
      },
    ],
    backward: [],
    gradients: [],
    update: [],
  };
}

/** Loss over the batch, and its gradient [B, T, C]. */
function runLoss(backend: Backend, plan: Plan, output: Float32Array, labels: Uint8Array) {
  const samples = labels.length;
  const program = backend.compile(plan, { samples });
  program.run({ samples, input: output, labels, seed: 0, epoch: 0 });
  const loss = total(program.tensor('losses'));
  const gradient = program.tensor('dOutput').slice();
  program.close();
  return { loss, gradient };
}

test('losses: every case is run or left out for a reason', () => {
  assert.equal(supported.length + unsupported.length, all.length);
  assert.deepEqual(
    unsupported.map(({ golden, reason }) => `${golden.name}: ${reason}`),
    [
      'mse_count_loss-none: unreduced: a loss a sample and class',
      'ce_rate_loss-weighted: class weights',
      'ce_count_loss-weighted: class weights',
      'mse_count_loss-population: population code: several outputs for one class',
      'ce_count_loss-population: population code: several outputs for one class',
      'mse_temporal_loss-default: a kind we do not have',
      'mse_temporal_loss-on2-off8-tol2: a kind we do not have',
      'ce_temporal_loss-negate: a kind we do not have',
      'ce_temporal_loss-reciprocal: a kind we do not have',
      'cross_entropy(mean firing rate): a kind we do not have',
    ],
  );
});

for (const { name, backend: start } of BACKENDS) {
  for (const { name: caseName, params = {}, spk, targets, expect } of supported) {
    test(`loss ${caseName} on ${name}`, async () => {
      const backend = await start();
      const [T, , C] = spk.shape as readonly [number, number, number];
      const plan = planOf(kindOf(caseName)!, params, T, C);
      const { loss, gradient } = runLoss(backend, plan, batchFirst(spk), Uint8Array.from(floats(targets)));
      assertClose('loss', [loss], [expect.loss], TOLERANCE.forward);
      assertClose('gradient', gradient, batchFirst(expect.grad), TOLERANCE.gradient);
    });
  }

  test(`losses worked out by hand on ${name}`, async () => {
    const backend = await start();
    const rates = { correct_rate: 0.8, incorrect_rate: 0.2 };
    const firing = (counts: readonly number[], T: number): Float32Array =>
      Float32Array.from({ length: T * counts.length }, (_, k) =>
        Math.floor(k / counts.length) < counts[k % counts.length]! ? 1 : 0,
      );
    const lossOf = (kind: LossKind, counts: readonly number[], T: number): number =>
      runLoss(backend, planOf(kind, rates, T, counts.length), firing(counts, T), Uint8Array.of(3)).loss;
    // counts 5 (six times), 4, 6, 7 and 18 against 5, and 20 for class 3: (1 + 4 + 1 + 4) / 10 / 25
    assertClose('mse-count', [lossOf('mse-count', [5, 5, 4, 18, 5, 6, 5, 5, 5, 7], 25)], [0.04], 1e-7);
    // only the right class fires, at every step: ln(1 + 9/e), the least ce-rate there is
    const right = [0, 0, 0, 25, 0, 0, 0, 0, 0, 0];
    assertClose('ce-rate', [lossOf('ce-rate', right, 25)], [1.4611502], 1e-6);
    // ln(1 + 9 e^-25)
    assertClose('ce-count', [lossOf('ce-count', right, 25)], [1.25e-10], 1e-7);
  });
}
