// snnTorch's Synaptic, Lapicque, RLeaky (all-to-all and one-to-one) and RSynaptic.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects, type NeuronSpec, type SurrogateSpec } from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { batchFirst, floats, type GoldenTensor, inOut, partition, readGolden } from './files.ts';
import { likePeer, runNeuron } from './neuron-bench.ts';

interface Params {
  readonly alpha?: number;
  readonly beta?: number;
  readonly threshold: number;
  readonly reset: 'subtract' | 'zero' | 'none';
  readonly reset_delay?: boolean;
  readonly surrogate: 'atan' | 'fast_sigmoid';
  readonly R?: number;
  readonly C?: number;
  readonly time_step?: number;
  readonly all_to_all?: boolean;
  readonly recurrent?: 'linear' | 'conv2d';
}
type Init = Partial<Record<'recurrent.weight' | 'recurrent.bias' | 'V' | 'beta', GoldenTensor>>;
interface Case {
  readonly name: string;
  readonly neuron: string;
  readonly params: Params;
  readonly init: Init;
  readonly expect: {
    readonly spk: GoldenTensor;
    readonly mem: GoldenTensor;
    readonly syn?: GoldenTensor;
    readonly loss: number;
    readonly grad_input: GoldenTensor;
    readonly grads: Readonly<Record<string, GoldenTensor>>;
  };
}
interface File extends Record<'input' | 'w_spk' | 'w_mem', GoldenTensor> {
  readonly T: number;
  readonly B: number;
  readonly N: number;
  readonly cases: readonly Case[];
}

const golden = readGolden<File>('snntorch_neurons');
const { supported, unsupported } = partition(golden.cases, ({ neuron, params }) => {
  if (neuron === 'Alpha') return 'two synaptic currents (excitatory and inhibitory); ours has one';
  if (params.recurrent === 'conv2d') return 'convolutional recurrence; ours is all-to-all or one-to-one';
  return undefined;
});

function neuronOf({ neuron, params }: Case): NeuronSpec {
  const surrogate: SurrogateSpec =
    params.surrogate === 'atan' ? { kind: 'atan', slope: 2 } : { kind: 'fast-sigmoid', slope: 25 };
  const { alpha = 0, beta = 0, threshold } = params;
  const reset = { resetMechanism: params.reset, resetDelay: params.reset_delay ?? true };
  const common = { threshold, surrogate, learnThreshold: true, ...reset };
  switch (neuron) {
    case 'Synaptic':
      return dialects.snntorch.synaptic({ ...common, alpha, beta, learnBeta: true });
    case 'Lapicque': {
      const { R, C, time_step } = params;
      const circuit = {
        ...(params.beta !== undefined && { beta: params.beta }),
        ...(R !== undefined && { R }),
        ...(C !== undefined && { C }),
        ...(time_step !== undefined && { timeStep: time_step }),
      };
      return dialects.snntorch.lapicque({ ...common, ...circuit });
    }
    case 'RLeaky':
      return dialects.snntorch.rleaky({ ...common, beta, allToAll: params.all_to_all ?? true, learnBeta: true });
    case 'RSynaptic': {
      const synaptic = dialects.snntorch.synaptic({ ...common, alpha, beta, learnBeta: true });
      return { ...synaptic, recurrent: { topology: 'all-to-all', bias: true } };
    }
    default:
      throw new Error(`no such neuron here: ${neuron}`);
  }
}

test('snntorch neurons: every case is run or left out for a reason', () => {
  assert.equal(supported.length + unsupported.length, golden.cases.length);
  assert.deepEqual(
    unsupported.map(({ golden, reason }) => `${golden.name}: ${reason}`),
    [
      ...[17, 18, 19, 20].map((k) => `Alpha-${k}: two synaptic currents (excitatory and inhibitory); ours has one`),
      'RLeaky-27: convolutional recurrence; ours is all-to-all or one-to-one',
    ],
  );
});

for (const { name, backend: start } of BACKENDS) {
  for (const golden_ of supported) {
    test(`snntorch ${golden_.name} on ${name}`, async () => {
      const backend = await start();
      const { expect, init } = golden_;
      const weight = init['recurrent.weight'];
      const bias = init['recurrent.bias'];
      const result = runNeuron(backend, neuronOf(golden_), {
        ...{ timesteps: golden.T, samples: golden.B, neurons: golden.N },
        ...{ input: batchFirst(golden.input), wSpikes: batchFirst(golden.w_spk), wMembrane: batchFirst(golden.w_mem) },
        ...(init.beta && { rawDecay: floats(init.beta) }),
        ...(weight && { weight: inOut(weight) }),
        ...(bias && { bias: floats(bias) }),
        ...(init.V && { scale: floats(init.V) }),
      });
      assertSame('spikes', result.spikes, batchFirst(expect.spk));
      assertClose('membrane', result.membrane, batchFirst(expect.mem), TOLERANCE.forward);
      if (expect.syn) assertClose('synapse', result.synapse, batchFirst(expect.syn), TOLERANCE.forward);
      assertClose('loss', [result.loss], [expect.loss], TOLERANCE.forward);
      assertClose('dInput', result.dInput, batchFirst(expect.grad_input), TOLERANCE.gradient);
      const ours: Record<string, ArrayLike<number>> = {
        ...{ threshold: result.dThreshold, alpha: result.dAlpha, beta: result.dDecay, V: result.dScale },
        ...{ 'recurrent.weight': result.dWeight, 'recurrent.bias': result.dBias },
      };
      for (const [parameter, tensor] of Object.entries(expect.grads)) {
        const expected = parameter === 'recurrent.weight' ? inOut(tensor) : floats(tensor);
        assertClose(`d ${parameter}`, likePeer(ours[parameter]!, expected), expected, TOLERANCE.gradient);
      }
    });
  }
}
