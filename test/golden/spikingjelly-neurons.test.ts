// SpikingJelly's IFNode, LIFNode and ParametricLIFNode.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects, type NeuronSpec } from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, partition, readGolden } from './files.ts';
import { runNeuron } from './neuron-bench.ts';

interface Params {
  readonly v_threshold: number;
  readonly v_reset: number | null;
  readonly surrogate?: 'ATan' | 'Sigmoid';
  readonly detach_reset?: boolean;
  readonly tau?: number;
  readonly init_tau?: number;
  readonly decay_input?: boolean;
}
interface Case {
  readonly name: string;
  readonly neuron: string;
  readonly params: Params;
  readonly init: Readonly<{ w?: GoldenTensor }>;
  readonly expect: {
    readonly spk: GoldenTensor;
    readonly v: GoldenTensor;
    readonly loss: number;
    readonly grad_input: GoldenTensor;
    readonly grads: Readonly<{ w?: GoldenTensor }>;
  };
}
interface Tie extends Record<'input' | 'spk' | 'v', GoldenTensor> {
  readonly name: string;
  readonly params: Params;
}
interface File extends Record<'input' | 'w_spk' | 'w_v', GoldenTensor> {
  readonly T: number;
  readonly B: number;
  readonly N: number;
  readonly cases: readonly Case[];
  readonly ties: readonly Tie[];
  readonly defaults: Readonly<Record<string, string>>;
}

const golden = readGolden<File>('spikingjelly_neurons');
const REASONS: Readonly<Record<string, string>> = {
  KLIFNode: 'scales the membrane by a learned k and rectifies it',
  QIFNode: 'charges with the square of the membrane; ours is linear',
  EIFNode: 'charges with an exponential of the membrane; ours is linear',
  IzhikevichNode: 'has a second state variable and a squared membrane',
};
const { supported, unsupported } = partition(golden.cases, ({ neuron }) => REASONS[neuron]);

function neuronOf(neuron: string, params: Params): NeuronSpec {
  const common = {
    ...{ vThreshold: params.v_threshold, vReset: params.v_reset, detachReset: params.detach_reset ?? false },
    ...(params.surrogate === 'ATan' && { surrogate: { kind: 'atan', slope: 2 } as const }),
  };
  const decayInput = params.decay_input ?? true;
  switch (neuron) {
    case 'IFNode':
      return dialects.spikingjelly.ifNode(common);
    case 'LIFNode':
      return dialects.spikingjelly.lifNode({ ...common, tau: params.tau!, decayInput });
    case 'ParametricLIFNode':
      return dialects.spikingjelly.parametricLifNode({ ...common, initTau: params.init_tau!, decayInput });
    default:
      throw new Error(`no such neuron here: ${neuron}`);
  }
}

test('spikingjelly neurons: every case is run or left out for a reason', () => {
  assert.equal(supported.length + unsupported.length, golden.cases.length);
  assert.deepEqual(
    unsupported.map(({ golden }) => golden.name),
    ['KLIFNode-57', 'KLIFNode-58', 'QIFNode-59', 'EIFNode-60', 'IzhikevichNode-61', 'IzhikevichNode-62'],
  );
});

test('spikingjelly defaults: threshold 1, hard reset to 0, gradient through it, sigmoid of slope 4', () => {
  const neurons = { IFNode: dialects.spikingjelly.ifNode(), LIFNode: dialects.spikingjelly.lifNode() };
  for (const [name, neuron] of Object.entries(neurons)) {
    const peer = golden.defaults[name]!;
    const said = (key: string): string => new RegExp(`\\b${key}=([^,)\\s]+)`).exec(peer)![1]!;
    assert.equal(neuron.threshold, Number(said('v_threshold')));
    assert.deepEqual([neuron.reset.kind, neuron.reset.value], ['value', Number(said('v_reset'))]);
    assert.equal(neuron.reset.gradient === 'detached', said('detach_reset') === 'True');
    assert.match(peer, /surrogate_function\): Sigmoid/);
    assert.deepEqual(neuron.surrogate, { kind: 'sigmoid', slope: Number(said('alpha')) });
  }
});

for (const { name, backend: start } of BACKENDS) {
  for (const { name: caseName, neuron, params, init, expect } of supported) {
    test(`spikingjelly ${caseName} on ${name}`, async () => {
      const backend = await start();
      const result = runNeuron(backend, neuronOf(neuron, params), {
        ...{ timesteps: golden.T, samples: golden.B, neurons: golden.N },
        ...{ input: batchFirst(golden.input), wSpikes: batchFirst(golden.w_spk), wMembrane: batchFirst(golden.w_v) },
        ...(init.w && { rawDecay: floats(init.w) }),
      });
      assertSame('spikes', result.spikes, batchFirst(expect.spk));
      assertClose('membrane', result.membrane, batchFirst(expect.v), TOLERANCE.forward);
      assertClose('loss', [result.loss], [expect.loss], TOLERANCE.forward);
      assertClose('dInput', result.dInput, batchFirst(expect.grad_input), TOLERANCE.gradient);
      if (expect.grads.w) assertClose('dw', result.dDecay, floats(expect.grads.w), TOLERANCE.gradient);
    });
  }

  test(`spikingjelly fires exactly at the threshold on ${name}`, async () => {
    const backend = await start();
    for (const { name: tie, params, input, spk, v } of golden.ties) {
      const zeros = new Float32Array(8);
      const single = { timesteps: 8, samples: 1, neurons: 1, wSpikes: zeros, wMembrane: zeros };
      const result = runNeuron(backend, neuronOf(tie.replace('tie-', ''), params), { ...single, input: floats(input) });
      assertSame(`${tie} spikes`, result.spikes, floats(spk));
      assertSame(`${tie} membrane`, result.membrane, floats(v));
    }
  });
}
