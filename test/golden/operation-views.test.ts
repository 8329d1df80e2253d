// The views against the tools they speak for: each golden network is run by a float32 simulation, which makes the trace; the
// views' quantities must then be what the tool itself reported for that network and input.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ViewCounts, viewsOf } from '../../src/measure/index.ts';
import { dense, dialects, network, slot } from '../../src/model/index.ts';
import type { ActivityTrace } from '../../src/simulate/index.ts';
import { floats, type GoldenTensor, partition, readGolden } from './files.ts';
import { type DenseWeights, leaky, type Rows, runAnn, runSpiking, spikingJellyNode } from './float32-network.ts';

interface GoldenCase {
  readonly name: string;
  readonly T: number;
  readonly init: Readonly<Record<string, GoldenTensor>>;
  readonly input: GoldenTensor;
  readonly expect: Readonly<Record<string, unknown>>;
}
interface SyopsCase extends GoldenCase {
  readonly B: number;
  readonly input_stats: Readonly<Record<string, { nonzero: number } | readonly { nonzero: number }[]>>;
}
interface NeurobenchCase extends GoldenCase {
  readonly batch_size: number;
  readonly preds: GoldenTensor;
}

const isConvolutional = ({ name }: GoldenCase): string | undefined =>
  name.includes('cnn') ? 'has convolutions and pooling: map-views.test.ts runs it' : undefined;
const syops = partition(readGolden<{ cases: SyopsCase[] }>('syops').cases, isConvolutional);
const neurobench = partition(readGolden<{ cases: NeurobenchCase[] }>('neurobench').cases, isConvolutional);

/** Rows of a tensor [..., features], grouped into samples of so many steps. */
function rows(tensor: GoldenTensor, steps: number): Rows {
  const values = floats(tensor);
  const features = tensor.shape.at(-1)!;
  const row = (index: number): Float32Array => values.slice(index * features, (index + 1) * features);
  const samples = values.length / features / steps;
  return Array.from({ length: samples }, (_, b) => Array.from({ length: steps }, (_, t) => row(b * steps + t)));
}

function denseWeights({ init }: GoldenCase, name: string): DenseWeights {
  const bias = init[`${name}.bias`];
  return {
    weight: rows(init[`${name}.weight`]!, 1).map(([row]) => row!),
    bias: bias === undefined ? null : floats(bias),
  };
}

/** The spec tells the views which neuron parameters are learned: here none. */
const spec = network(
  'golden',
  [20],
  [
    dense('fc1', 16),
    slot('lif1', dialects.snntorch.leaky({ beta: 0.9 })),
    dense('fc2', 4),
    slot('lif2', dialects.snntorch.leaky({ beta: 0.8 })),
  ],
);

function viewOf(view: ViewCounts['view'], trace: ActivityTrace, batch: number): Map<string, number> {
  const found = viewsOf(trace, { spec, batch }).find((each) => each.view === view)!;
  return new Map(found.quantities.map(({ name, value }) => [name, value]));
}

/** Both tools sum in float32 in places. */
const RELATIVE = 1e-7;

function assertQuantities(actual: Map<string, number>, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expected)) {
    const got = actual.get(name);
    assert.ok(got !== undefined, `${name} is missing; there are ${[...actual.keys()].join(', ')}`);
    assert.ok(
      typeof value === 'number' && Math.abs(got - value) <= RELATIVE * Math.abs(value),
      `${name}: ${got}, expected ${value}`,
    );
  }
}

function runSyops(golden: SyopsCase): ActivityTrace {
  if (golden.name === 'ann-mlp') {
    return runAnn([denseWeights(golden, '0'), denseWeights(golden, '2')], rows(golden.input, 1)).trace;
  }
  const layers = [denseWeights(golden, 'net.0'), denseWeights(golden, 'net.2')];
  if (golden.name === 'snn-mlp-static') {
    const nodes = [spikingJellyNode(1, null), spikingJellyNode(1, null)];
    return runSpiking(layers, nodes, rows(golden.input, 1), { timesteps: golden.T, input: 'analog', leaky: false })
      .trace;
  }
  const nodes = [spikingJellyNode(0.3, 2), spikingJellyNode(0.2, 2)];
  return runSpiking(layers, nodes, rows(golden.input, golden.T), { timesteps: golden.T, input: 'spikes', leaky: true })
    .trace;
}

for (const golden of syops.supported) {
  test(`syops-counter: ${golden.name}`, () => {
    const trace = runSyops(golden);
    const seen = trace.layers.filter((layer) => layer.kind === 'dense').map((layer) => layer.nonzeroIn);
    Object.values(golden.input_stats).forEach((calls, index) => {
      const expected = [calls].flat().map(({ nonzero }) => nonzero);
      assert.deepEqual(seen[index], expected.slice(0, seen[index]!.length), 'nonzero inputs of each call');
    });
    const { total_ops, ACs, MACs, energy_J_4p6_0p9 } = golden.expect;
    assertQuantities(viewOf('syops', trace, golden.B), { 'total ops': total_ops, ACs, MACs, energy: energy_J_4p6_0p9 });
  });
}

function runNeurobench(golden: NeurobenchCase): { trace: ActivityTrace; output: Rows } {
  const layers = [denseWeights(golden, '0'), denseWeights(golden, '2')];
  if (golden.name === 'ann-mlp') return runAnn(layers, rows(golden.input, 1));
  const scalar = (name: string): number => floats(golden.init[name]!)[0]!;
  const reset = golden.name === 'snn-mlp-zero' ? 'zero' : 'subtract';
  const neurons = ['1', '3'].map((name) => leaky(scalar(`${name}.beta`), scalar(`${name}.threshold`), reset));
  const input = golden.name === 'snn-mlp-real' ? 'analog' : 'spikes';
  return runSpiking(layers, neurons, rows(golden.input, golden.T), { timesteps: golden.T, input, leaky: true });
}

for (const golden of neurobench.supported) {
  test(`NeuroBench: ${golden.name}`, () => {
    const { trace, output } = runNeurobench(golden);
    if (trace.mode === 'snn') {
      assert.deepEqual(
        output.flat().map((row) => [...row]),
        rows(golden.preds, 1).map(([row]) => [...row!]),
        'spikes',
      );
    }
    const { ParameterCount, Footprint, ConnectionSparsity, ActivationSparsity, MembraneUpdates } = golden.expect;
    const operations = golden.expect.SynapticOperations as Record<string, number>;
    const neuron = golden.expect.NeuronOperations as Record<string, number> | undefined;
    assertQuantities(viewOf('neurobench', trace, golden.batch_size), {
      ParameterCount,
      Footprint,
      ConnectionSparsity,
      ActivationSparsity,
      ...operations,
      ...(neuron === undefined ? {} : { MembraneUpdates, ...neuron }),
    });
  });
}

test('what is left to the other test', () => {
  const left = [...syops.unsupported, ...neurobench.unsupported];
  assert.deepEqual(
    left.map(({ golden }) => golden.name),
    ['ann-cnn', 'snn-cnn-static', 'snn-cnn'],
  );
  for (const { reason } of left) assert.match(reason, /convolutions and pooling/);
});
