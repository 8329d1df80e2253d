// Short spike trains that can be followed by hand: one neuron, constant input.

import { test } from 'node:test';
import { dialects, type NeuronSpec } from '../../src/model/index.ts';
import { assertClose, assertSame } from '../closeness.ts';
import { BACKENDS } from './backends.ts';
import { runNeuron } from './neuron-bench.ts';

interface Vector {
  readonly what: string;
  readonly neuron: NeuronSpec;
  readonly input: number;
  readonly spikes: string;
  readonly membrane?: readonly number[];
}

const { leaky } = dialects.snntorch;
const { ifNode, lifNode } = dialects.spikingjelly;
const leaky9 = (resetMechanism: 'subtract' | 'zero' | 'none', resetDelay: boolean): NeuronSpec =>
  leaky({ beta: 0.9, resetMechanism, resetDelay });

const VECTORS: readonly Vector[] = [
  {
    what: 'Leaky, subtract, a step late: the whole threshold goes, after the decay',
    ...{ neuron: leaky9('subtract', true), input: 0.6, spikes: '01010101' },
    membrane: [0.6, 1.14, 0.626, 1.1634, 0.64706, 1.182354, 0.6641186, 1.19770674],
  },
  {
    what: 'Leaky, subtract, at once: the same spikes from another membrane',
    ...{ neuron: leaky9('subtract', false), input: 0.6, spikes: '01010101' },
    membrane: [0.6, 0.14, 0.726, 0.2534, 0.82806, 0.345254, 0.9107286, 0.41965574],
  },
  {
    what: 'Leaky, zero, a step late: keeps the new input',
    ...{ neuron: leaky9('zero', true), input: 0.6, spikes: '01010101' },
    membrane: [0.6, 1.14, 0.6, 1.14, 0.6, 1.14, 0.6, 1.14],
  },
  {
    what: 'Leaky, zero, at once',
    ...{ neuron: leaky9('zero', false), input: 0.6, spikes: '01010101' },
    membrane: [0.6, 0, 0.6, 0, 0.6, 0, 0.6, 0],
  },
  {
    what: 'Leaky, no reset',
    ...{ neuron: leaky9('none', true), input: 0.6, spikes: '01111111' },
    membrane: [0.6, 1.14, 1.626, 2.0634, 2.45706, 2.811354, 3.1302186, 3.41719674],
  },
  {
    what: 'IF at exactly the threshold fires with >=',
    neuron: ifNode({ vReset: null }),
    input: 0.25,
    spikes: '000100010',
  },
  { what: 'and does not with >', neuron: leaky({ beta: 1 }), input: 0.25, spikes: '000010001' },
  {
    what: 'IF, soft reset',
    ...{ neuron: ifNode({ vReset: null }), input: 0.3, spikes: '00010010' },
    membrane: [0.3, 0.6, 0.9, 0.2, 0.5, 0.8, 0.1, 0.4],
  },
  {
    what: 'LIF, tau 2, hard reset',
    ...{ neuron: lifNode({ tau: 2 }), input: 1.5, spikes: '010101' },
    membrane: [0.75, 0, 0.75, 0, 0.75, 0],
  },
  {
    what: 'LIF, tau 2, soft reset',
    ...{ neuron: lifNode({ tau: 2, vReset: null }), input: 1.5, spikes: '010101' },
    membrane: [0.75, 0.125, 0.8125, 0.15625, 0.828125, 0.1640625],
  },
  {
    what: 'LIF, tau 2, input not decayed',
    ...{ neuron: lifNode({ tau: 2, decayInput: false }), input: 0.6, spikes: '001001' },
    membrane: [0.6, 0.9, 0, 0.6, 0.9, 0],
  },
  {
    what: 'IF above its threshold saturates at one spike a step, the rest piles up',
    ...{ neuron: dialects.snntoolbox.inisim(), input: 1.3, spikes: '1111' },
    membrane: [0.3, 0.6, 0.9, 1.2],
  },
];

for (const { name, backend: start } of BACKENDS) {
  test(`known spike trains on ${name}`, async () => {
    const backend = await start();
    for (const { what, neuron, input, spikes, membrane } of VECTORS) {
      const timesteps = spikes.length;
      const zeros = new Float32Array(timesteps);
      const drive = { timesteps, samples: 1, neurons: 1, wSpikes: zeros, wMembrane: zeros };
      const result = runNeuron(backend, neuron, { ...drive, input: zeros.map(() => input) });
      assertSame(`${what}: spikes`, result.spikes, [...spikes].map(Number));
      if (membrane) assertClose(`${what}: membrane`, result.membrane, membrane, 2e-6);
    }
  });
}
