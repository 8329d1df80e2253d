// Surrogate derivatives of snnTorch and SpikingJelly: through a neuron of one step, whose input is x = membrane - threshold.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surrogateValue } from '../../src/core/index.ts';
import { dialects, type NeuronSpec, type SurrogateSpec } from '../../src/model/index.ts';
import { assertClose, assertSame, GOLDEN_TOLERANCES as TOLERANCE } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { floats, type GoldenTensor, partition, readGolden } from './files.ts';
import { runNeuron } from './neuron-bench.ts';

interface Case {
  readonly name: string;
  readonly params: Readonly<Record<string, number>>;
  readonly expect: { readonly forward: GoldenTensor; readonly grad: GoldenTensor; readonly primitive?: GoldenTensor };
}
interface File extends Record<'x' | 'upstream', GoldenTensor> {
  readonly cases: readonly Case[];
}

function surrogateOf({ name, params }: Case): SurrogateSpec | undefined {
  const { alpha = 0, slope = 0 } = params;
  switch (name) {
    case 'snntorch.atan':
    case 'spikingjelly.ATan':
      return { kind: 'atan', slope: alpha };
    case 'snntorch.sigmoid':
      return { kind: 'sigmoid', slope };
    case 'spikingjelly.Sigmoid':
      return { kind: 'sigmoid', slope: alpha };
    case 'snntorch.fast_sigmoid':
      return { kind: 'fast-sigmoid', slope };
    case 'snntorch.straight_through_estimator':
      return { kind: 'straight-through', slope: 1 };
    case 'spikingjelly.PiecewiseQuadratic':
      return { kind: 'triangular', slope: alpha };
    default:
      return undefined;
  }
}

const golden = readGolden<File>('surrogates');
const { supported, unsupported } = partition(golden.cases, (entry) =>
  surrogateOf(entry) === undefined ? 'not among atan, sigmoid, fast-sigmoid, triangular, straight-through' : undefined,
);
/** snnTorch's sigmoid overflows to NaN far below the threshold, where the true value is about 0. */
const withoutNaN = (values: Float32Array): Float32Array => values.map((value) => (Number.isNaN(value) ? 0 : value));

test('surrogates: every case is run or left out for a reason', () => {
  assert.equal(supported.length + unsupported.length, golden.cases.length);
  assert.equal(supported.length, 14);
  assert.deepEqual(
    [...new Set(unsupported.map(({ golden: { name } }) => name))],
    [
      // +-threshold by sign, no triangle
      'snntorch.triangular',
      'snntorch.heaviside',
      'snntorch.spike_rate_escape',
      'snntorch.SFS',
      'spikingjelly.PiecewiseExp',
      'spikingjelly.SoftSign',
      'spikingjelly.Erf',
      'spikingjelly.PiecewiseLeakyReLU',
      'spikingjelly.SquarewaveFourierSeries',
      'spikingjelly.S2NN',
      'spikingjelly.QPseudoSpike',
      'spikingjelly.LeakyKReLU',
      'spikingjelly.LogTailedReLU',
    ],
  );
});

test('the smooth functions of SpikingJelly are ours', () => {
  const x = floats(golden.x);
  let compared = 0;
  for (const entry of supported) {
    const { kind, slope } = surrogateOf(entry)!;
    if (entry.expect.primitive === undefined) continue;
    const ours = x.map((value) => surrogateValue(kind, slope, value));
    assertClose(entry.name, ours, floats(entry.expect.primitive), TOLERANCE.forward);
    compared++;
  }
  assert.equal(compared, 3);
});

for (const { name, backend: start } of BACKENDS) {
  test(`surrogates on ${name}`, async () => {
    const backend = await start();
    const [x, upstream] = [floats(golden.x), floats(golden.upstream)];
    for (const entry of supported) {
      const what = `${entry.name} ${JSON.stringify(entry.params)}`;
      const peer = entry.name.startsWith('snntorch') ? 'snntorch' : 'spikingjelly';
      const neuron: NeuronSpec = {
        ...dialects.spikingjelly.ifNode({ surrogate: surrogateOf(entry)!, detachReset: true }),
        tie: peer === 'snntorch' ? '>' : '>=',
        threshold: 0,
      };
      const result = runNeuron(backend, neuron, {
        ...{ timesteps: 1, samples: 1, neurons: x.length, input: x, wSpikes: upstream },
        wMembrane: new Float32Array(x.length),
      });
      assertSame(`${what} spikes`, result.spikes, floats(entry.expect.forward));
      assertClose(`${what} gradient`, result.dInput, withoutNaN(floats(entry.expect.grad)), TOLERANCE.gradient);
    }
  });
}
