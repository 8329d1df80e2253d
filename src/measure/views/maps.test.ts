// How each tool counts convolutions and pools, by hand: a 3x3 kernel with padding 1 on [4, 5, 2], 6 filters, has 180 taps of which 130
// are inside the map.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averagePool, batchNorm, conv, lif, network, slot } from '../../model/index.ts';
import type { ActivityTrace, ConvActivity, LayerActivity, PoolActivity } from '../../simulate/index.ts';
import type { ViewCounts } from '../energy-types.ts';
import { viewsOf } from './index.ts';

const spec = network(
  'n',
  [4, 5, 2],
  [conv('conv1', 6, 3, { padding: 1 }), batchNorm('bn1'), slot('lif1', lif()), averagePool('pool1', [2, 5])],
);
const window = {
  input: [4, 5],
  output: [4, 5],
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1],
  dilation: [1, 1],
} as const;
const layer: ConvActivity = {
  kind: 'conv',
  layer: 'conv1',
  window,
  inputChannels: 2,
  filters: 6,
  groups: 1,
  bias: true,
  input: 'spikes',
  executions: 3,
  nonzeroIn: [4, 2, 2],
  nonzeroInPerSample: [3, 5],
  reachedPixels: [26, 12, 18],
  reachedPixelsPerSample: [20, 36],
  zeroWeights: 0,
};
const pool: PoolActivity = {
  kind: 'pool',
  layer: 'pool1',
  mode: 'average',
  window: { ...window, output: [2, 1], kernel: [2, 5], stride: [2, 5], padding: [0, 0] },
  channels: 6,
  input: 'spikes',
  executions: 3,
  nonzeroIn: [7, 3, 2],
};
const trace = (...layers: LayerActivity[]): ActivityTrace => ({ mode: 'snn', samples: 2, timesteps: 3, layers });

function view(name: ViewCounts['view'], of: ActivityTrace) {
  const found = viewsOf(of, { spec }).find((each) => each.view === name)!;
  const quantities = new Map(found.quantities.map((each) => [each.name, each.value]));
  return { of: (quantity: string) => quantities.get(quantity), differs: found.differs };
}
const close = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= 1e-9 * expected, `${actual} is not ${expected}`);

test('spikes: borders are exact in NeuroBench and SpikingJelly, padding counts elsewhere', () => {
  const spikes = trace(layer);
  close(view('neurobench', spikes).of('Effective_ACs'), (56 * 6) / 2);
  close(view('neurobench', spikes).of('Dense'), 130 * 2 * 6 * 3);
  close(view('spikingjelly', spikes).of('SynOps'), (56 * 6) / 2);
  close(view('snntoolbox', spikes).of('synaptic operations'), (8 * 9 * 6) / 2);
  const synapses = 180 * 2 * 6;
  close(view('keras-spiking', spikes).of('connections'), synapses);
  close(view('keras-spiking', spikes).of('synaptic operations'), (synapses * 8) / (40 * 2));
  close(view('syops', spikes).of('total ops'), (synapses + 120) * 3);
  close(view('syops', spikes).of('ACs'), ((synapses + 120) * 8) / (40 * 2));
  close(view('snntoolbox', spikes).of('ANN operations'), 2 * synapses + 120);
  assert.match(view('snntoolbox', spikes).differs, /a spike at a border reaches a whole kernel/);
});

test('at a stride above 1, SNN Toolbox takes the pixels a kernel really reaches', () => {
  const strided = {
    ...layer,
    window: { ...window, output: [2, 3], stride: [2, 2] } as const,
    reachedPixels: [6, 3, 4],
  };
  close(
    view('snntoolbox', trace({ ...strided, reachedPixelsPerSample: [5, 8] })).of('synaptic operations'),
    (13 * 6) / 2,
  );
});

test('analog: MACs with padding in syops and SpikingJelly, zeros left out in NeuroBench', () => {
  const analog = trace({ ...layer, input: 'analog', meanAbsInput: 0.25 });
  close(view('neurobench', analog).of('Effective_MACs'), (56 * 6) / 2);
  close(view('spikingjelly', analog).of('MACs'), 180 * 2 * 6 * 3);
  close(view('syops', analog).of('MACs'), (180 * 2 * 6 + 120) * 3);
  close(view('keras-spiking', analog).of('synaptic operations'), 180 * 2 * 6 * 0.25e-3 * 3);
});

test('pools and norms: input values in syops, one operation a spike in SNN Toolbox, nothing elsewhere', () => {
  const norm: LayerActivity = { kind: 'batch-norm', layer: 'bn1', features: 120, executions: 3 };
  const [without, both] = [trace(layer), trace(layer, norm, pool)];
  const more = (name: ViewCounts['view'], quantity: string): number =>
    view(name, both).of(quantity)! - view(name, without).of(quantity)!;
  close(more('syops', 'total ops'), (120 + 2 * 120) * 3);
  close(more('syops', 'ACs'), 12 / 2);
  close(more('syops', 'MACs'), 2 * 120 * 3);
  close(more('snntoolbox', 'synaptic operations'), 12 / 2);
  for (const name of ['neurobench', 'spikingjelly', 'keras-spiking'] as const) {
    const quantity = { neurobench: 'Dense', spikingjelly: 'SynOps', 'keras-spiking': 'synaptic operations' }[name];
    assert.equal(more(name, quantity), 0);
  }
  assert.match(view('neurobench', both).differs, /pools, norms and joins are free/);
  assert.match(view('keras-spiking', both).differs, /pools, norms and joins are free/);
});

test('NeuroBench: a batch norm has two parameters and two buffers a channel, and a counter', () => {
  const norm: LayerActivity = { kind: 'batch-norm', layer: 'bn1', features: 120, executions: 3 };
  const [without, both] = [view('neurobench', trace(layer)), view('neurobench', trace(layer, norm))];
  assert.equal(without.of('ParameterCount'), 9 * 2 * 6 + 6);
  assert.equal(both.of('ParameterCount')! - without.of('ParameterCount')!, 12);
  assert.equal(both.of('Footprint')! - without.of('Footprint')!, 12 * 4 + 12 * 4 + 8);
});

test('NeuroBench: where calls were looked at, those of only 0 and 1 are ACs and the rest MACs', () => {
  const pooled = trace({ ...layer, input: 'analog', inputValues: 'real', ternaryCallSynapses: [0, 72, 0] });
  close(view('neurobench', pooled).of('Effective_ACs'), 72 / 2);
  close(view('neurobench', pooled).of('Effective_MACs'), (56 * 6 - 72) / 2);
});
