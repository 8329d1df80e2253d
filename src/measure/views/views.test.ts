import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denseAnn, spikingNetwork } from '../../../test/fixtures/example-traces.ts';
import { dense, lif, type NetworkSpec, network, slot } from '../../model/index.ts';
import type { ActivityTrace, DenseActivity, LayerActivity, NeuronActivity } from '../../simulate/index.ts';
import type { ViewCounts } from '../energy-types.ts';
import { viewsOf } from './index.ts';

const sizes = [9, 7, 5];
const spec = network('n', [9], [dense('fc1', 7), slot('if1', lif()), dense('fc2', 5), slot('if2', lif())]);
const spiking = spikingNetwork(sizes, [0.5, 0.25, 0.1], 4);

function view(name: ViewCounts['view'], trace: ActivityTrace, network: NetworkSpec = spec) {
  const found = viewsOf(trace, { spec: network }).find((each) => each.view === name)!;
  const quantities = new Map(found.quantities.map((each) => [each.name, each.value]));
  return { of: (quantity: string) => quantities.get(quantity), differs: found.differs };
}

function withLayer(trace: ActivityTrace, index: number, change: Partial<DenseActivity> | Partial<NeuronActivity>) {
  const layers = trace.layers.map((layer, at) => (at === index ? ({ ...layer, ...change } as LayerActivity) : layer));
  return { ...trace, layers };
}
/** The first layer takes a constant analog input, executed once: 8 of its 9 values are nonzero, |x| is 0.4 on average. */
const analog = { input: 'analog', executions: 1, nonzeroIn: [8], nonzeroInPerSample: [8], meanAbsInput: 0.4 } as const;
const hoisted = withLayer(spiking, 0, analog);

const synops = 9 * 0.5 * 4 * 7 + 7 * 0.25 * 4 * 5;
const close = (actual: number | undefined, expected: number): void =>
  assert.ok(actual !== undefined && Math.abs(actual - expected) <= 1e-9 * expected, `${actual} is not ${expected}`);

test('all tools agree on spikes times fan-out where inputs are spikes', () => {
  close(view('neurobench', spiking).of('Effective_ACs'), synops);
  close(view('snntoolbox', spiking).of('synaptic operations'), synops);
  close(view('keras-spiking', spiking).of('synaptic operations'), synops);
  close(view('spikingjelly', spiking).of('SynOps'), synops);
});

test('a constant analog input: run at every step by three tools, charged once by one, taken for 0.4 Hz by another', () => {
  const second = 7 * 0.25 * 4 * 5;
  close(view('neurobench', hoisted).of('Effective_MACs'), 8 * 7 * 4);
  close(view('syops', hoisted).of('MACs'), (9 * 7 + 7) * 4);
  close(view('spikingjelly', hoisted).of('MACs'), 9 * 7 * 4);
  close(view('snntoolbox', hoisted).of('synaptic operations'), second);
  close(view('snntoolbox', hoisted).of('neuron operations'), 2 * 9 * 7 + (7 + 5) * 4);
  close(view('keras-spiking', hoisted).of('synaptic operations'), 9 * 7 * 0.4 * 1e-3 * 4 + second);
  assert.match(view('keras-spiking', hoisted).differs, /1000 times too cheap/);
  assert.match(view('snntoolbox', hoisted).differs, /charged once.* missing from its plots/);
});

test('an unrecorded mean leaves spiking devices out of KerasSpiking, not at zero', () => {
  const { meanAbsInput: _, ...unknown } = hoisted.layers[0] as DenseActivity;
  const seen = view('keras-spiking', { ...hoisted, layers: [unknown, ...hoisted.layers.slice(1)] });
  assert.equal(seen.of('energy loihi'), undefined);
  assert.match(seen.differs, /mean of an analog input was not recorded, so spiking devices are left out/);
});

test('KerasSpiking: a processor is billed for one dense pass of ANN and SNN alike, Loihi for spikes and updates', () => {
  close(view('keras-spiking', spiking).of('energy gpu'), (63 + 35 + 12) * 3e-10);
  close(view('keras-spiking', denseAnn(sizes)).of('energy gpu'), (63 + 35 + 7) * 3e-10);
  close(view('keras-spiking', spiking).of('energy loihi'), synops * 27.1e-12 + 12 * 4 * 81e-12);
  assert.equal(view('keras-spiking', denseAnn(sizes)).of('energy loihi'), undefined);
});

test('an ANN: 2 operations a synapse in SNN Toolbox, MACs elsewhere', () => {
  close(view('snntoolbox', denseAnn(sizes)).of('ANN operations'), 2 * 98 + 12);
  close(view('spikingjelly', denseAnn(sizes)).of('MACs'), 98);
  close(view('syops', denseAnn(sizes)).of('MACs'), 98 + 12 + 7);
  assert.equal(view('snntoolbox', denseAnn(sizes)).of('synaptic operations'), undefined);
});

test('an analog input of 0s and 1s passes for spikes, one with -1 only in NeuroBench', () => {
  const [binary, ternary] = [
    withLayer(hoisted, 0, { inputValues: 'binary' }),
    withLayer(hoisted, 0, { inputValues: 'ternary' }),
  ];
  for (const name of ['neurobench', 'syops', 'spikingjelly'] as const) {
    const macs = name === 'neurobench' ? 'Effective_MACs' : 'MACs';
    assert.equal(view(name, binary).of(macs), 0, name);
    assert.equal(view(name, ternary).of(macs) === 0, name === 'neurobench', name);
  }
  assert.match(view('neurobench', binary).differs, /an analog input of only -1, 0 and 1 counts as spikes/);
});

test('NeuroBench: learned values are parameters, their bytes stay', () => {
  const learning = { ...lif(), learn: { decay: true, threshold: true } };
  const learned = network('n', [9], [dense('fc1', 7), slot('if1', learning), dense('fc2', 5), slot('if2', learning)]);
  assert.equal(view('neurobench', spiking).of('ParameterCount'), 63 + 7 + 35 + 5);
  assert.equal(view('neurobench', spiking, learned).of('ParameterCount'), 63 + 7 + 35 + 5 + 4);
  assert.equal(view('neurobench', spiking, learned).of('Footprint'), view('neurobench', spiking).of('Footprint'));
});

test('NeuroBench: what was not observed is called a bound, what is not in its table is left out', () => {
  assert.equal(view('neurobench', spiking).of('MembraneUpdates (at most)'), 48);
  assert.equal(view('neurobench', spiking).of('Effective Neuron Ops (at most)'), 48 * 4);
  assert.match(view('neurobench', spiking).differs, /membranes were not observed, so updates are a bound/);
  const looped = withLayer(spiking, 1, { recurrent: 'all-to-all', recurrentSpikesPerSample: [5.25] });
  assert.equal(view('neurobench', looped).of('Neuron Dense Ops'), undefined);
  assert.match(view('neurobench', looped).differs, /no neuron operations for recurrent neurons/);
  const currentBased = withLayer(spiking, 1, { currentBased: true, reset: 'value' });
  assert.equal(view('neurobench', currentBased).of('Neuron Dense Ops'), 7 * 4 * 8 + 5 * 4 * 4);
});

test('NeuroBench: zero weights not paired with spikes are taken at their share', () => {
  const pruned = withLayer(spiking, 0, { zeroWeights: 21 });
  close(view('neurobench', pruned).of('Effective_ACs'), 9 * 0.5 * 4 * (7 - 21 / 9) + 7 * 0.25 * 4 * 5);
  assert.match(view('neurobench', pruned).differs, /which zero weights met a spike was not recorded/);
});

test('syops: neurons outside its list count as nothing, and the view says so', () => {
  const looped = withLayer(spiking, 1, { recurrent: 'one-to-one', recurrentSpikesPerSample: [5.25] });
  assert.equal(view('syops', spiking).of('total ops')! - view('syops', looped).of('total ops')!, 7 * 4);
  assert.match(view('syops', looped).differs, /"if1": not in its list of neurons, so counted as 0/);
});

test('syops: the bias is added once a call, so the batch changes the count', () => {
  const four = { ...denseAnn([9, 7]), samples: 4 };
  const layer = { ...(four.layers[0] as DenseActivity), nonzeroIn: [36], nonzeroInPerSample: [9, 9, 9, 9] };
  const trace: ActivityTrace = { ...four, layers: [layer] };
  const at = (batch: number) => viewsOf(trace, { spec, batch })[1]!.quantities[0]!.value;
  assert.equal(at(4), 63 + 7 / 4);
  assert.equal(at(1), 63 + 7);
  assert.equal(at(3), 63 + (7 * 2) / 4);
  assert.throws(() => at(0), /batch: got 0, expected a whole number of at least 1/);
});
