// snnTorch's Leaky: spikes, membrane, loss and gradients of every reset, its moment, and surrogates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects, type SurrogateSpec } from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, partition, readGolden } from './files.ts';
import { likePeer, runNeuron } from './neuron-bench.ts';

interface Params {
  readonly beta: number | readonly number[];
  readonly threshold: number | readonly number[];
  readonly reset: 'subtract' | 'zero' | 'none';
  readonly reset_delay: boolean;
  readonly surrogate?: string;
  readonly graded?: number;
  readonly inhibition?: boolean;
  readonly mem0?: boolean;
}
interface Case {
  readonly name: string;
  readonly params: Params;
  readonly expect: Record<'spk' | 'mem' | 'grad_input' | 'grad_beta' | 'grad_threshold', GoldenTensor> & {
    loss: number;
  };
}
interface File {
  readonly T: number;
  readonly B: number;
  readonly N: number;
  readonly input: GoldenTensor;
  readonly w_spk: GoldenTensor;
  readonly w_mem: GoldenTensor;
  readonly cases: readonly Case[];
  readonly ties: readonly { name: string; params: Params; input: GoldenTensor; spk: number[]; mem: number[] }[];
}

const SURROGATES: Record<string, SurrogateSpec> = {
  atan: { kind: 'atan', slope: 2 },
  atan_alpha3: { kind: 'atan', slope: 3 },
  fast_sigmoid: { kind: 'fast-sigmoid', slope: 25 },
  fast_sigmoid_5: { kind: 'fast-sigmoid', slope: 5 },
  sigmoid: { kind: 'sigmoid', slope: 25 },
  sigmoid_5: { kind: 'sigmoid', slope: 5 },
  straight_through: { kind: 'straight-through', slope: 1 },
};

const golden = readGolden<File>('snntorch_leaky');
const { supported, unsupported } = partition(golden.cases, ({ params }) => {
  if (params.graded !== undefined) return 'graded spikes: spikes are 0 or 1 here';
  if (params.inhibition) return 'inhibition (only the largest membrane may fire) is not a neuron of ours';
  if (params.mem0) return 'a membrane given for each sample and neuron: a layer starts from one number here';
  if (!(params.surrogate! in SURROGATES)) return `surrogate ${params.surrogate} is not one of ours`;
  return undefined;
});

const neuronOf = (params: Params) =>
  dialects.snntorch.leaky({
    ...{ beta: params.beta, threshold: params.threshold, learnBeta: true },
    ...{ resetMechanism: params.reset, resetDelay: params.reset_delay },
    surrogate: SURROGATES[params.surrogate ?? 'atan']!,
  });

const list = (value: number | readonly number[]): readonly number[] => (typeof value === 'number' ? [value] : value);

test('snntorch Leaky: every case is run or left out for a reason', () => {
  assert.equal(supported.length + unsupported.length, golden.cases.length);
  assert.deepEqual(
    unsupported.map(({ golden, reason }) => `${golden.name.replace(/^.*(atan-|delay-)/, '')}: ${reason}`),
    [
      ...['triangular', 'heaviside', 'spike_rate_escape', 'SFS'].flatMap((name) =>
        Array<string>(2).fill(`${name}: surrogate ${name} is not one of ours`),
      ),
      ...Array<string>(2).fill('graded: graded spikes: spikes are 0 or 1 here'),
      'inhibition: inhibition (only the largest membrane may fire) is not a neuron of ours',
      'mem0: a membrane given for each sample and neuron: a layer starts from one number here',
    ],
  );
});

for (const { name, backend: start } of BACKENDS) {
  const drive = { timesteps: golden.T, samples: golden.B, neurons: golden.N };
  const weights = { wSpikes: batchFirst(golden.w_spk), wMembrane: batchFirst(golden.w_mem) };

  for (const { name: caseName, params, expect } of supported) {
    test(`snntorch Leaky ${caseName} on ${name}`, async () => {
      const backend = await start();
      const rawDecay = list(params.beta);
      const result = runNeuron(backend, neuronOf(params), {
        ...{ ...drive, ...weights, input: batchFirst(golden.input), rawDecay },
      });
      assertSame('spikes', result.spikes, batchFirst(expect.spk));
      assertClose('membrane', result.membrane, batchFirst(expect.mem), TOLERANCE.forward);
      assertClose('loss', [result.loss], [expect.loss], TOLERANCE.forward);
      assertClose('dInput', result.dInput, batchFirst(expect.grad_input), TOLERANCE.gradient);
      const [dBeta, dThreshold] = [floats(expect.grad_beta), floats(expect.grad_threshold)];
      assertClose('dBeta', result.dDecay, dBeta, TOLERANCE.gradient);
      assertClose('dThreshold', likePeer(result.dThreshold, dThreshold), dThreshold, TOLERANCE.gradient);
    });
  }

  test(`snntorch Leaky does not fire exactly at the threshold on ${name}`, async () => {
    const backend = await start();
    for (const { name: tie, params, input, spk, mem } of golden.ties) {
      const zeros = new Float32Array(8);
      const single = { timesteps: 8, samples: 1, neurons: 1, wSpikes: zeros, wMembrane: zeros };
      const result = runNeuron(backend, neuronOf(params), { ...single, input: floats(input) });
      assertSame(`${tie} spikes`, result.spikes, spk);
      assertSame(`${tie} membrane`, result.membrane, mem);
    }
  });
}
