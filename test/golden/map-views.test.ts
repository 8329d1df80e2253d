// The views of syops-counter and NeuroBench on convolutional networks: each golden network is run by the simulator; what flowed must
// be what the tool saw, call by call, and the views' quantities what the tool reported.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Dataset } from '../../src/data/index.ts';
import { referenceBackend } from '../../src/engine/index.ts';
import { type ViewCounts, viewsOf } from '../../src/measure/index.ts';
import {
  averagePool,
  batchNorm,
  conv,
  convFromTorch,
  dense,
  denseFromTorch,
  dialects,
  flatten,
  integrator,
  mapFromTorch,
  maxPool,
  type NetworkSpec,
  network,
  slot,
  type Weights,
} from '../../src/model/index.ts';
import { type SimulateOptions, simulateNetwork } from '../../src/simulate/index.ts';
import { floats, type GoldenTensor, readGolden } from './files.ts';

interface Stats {
  readonly nonzero: number;
}
interface GoldenCase {
  readonly name: string;
  readonly T: number;
  readonly init: Readonly<Record<string, GoldenTensor>>;
  readonly input: GoldenTensor;
  readonly input_stats: Readonly<Record<string, Stats | readonly Stats[]>>;
  readonly batch_size: number;
  readonly expect: Readonly<Record<string, unknown>>;
}
type Shape4 = readonly [number, number, number, number];

const caseOf = (file: string, name: string): GoldenCase =>
  readGolden<{ cases: GoldenCase[] }>(file).cases.find((each) => each.name === name)!;

const convWeight = (tensor: GoldenTensor): Float32Array => convFromTorch(floats(tensor), tensor.shape as Shape4);
/** `map`: [channels, height, width] that torch flattened. */
const denseWeight = (tensor: GoldenTensor, map: readonly [number, number, number]): Float32Array =>
  denseFromTorch(floats(tensor), tensor.shape as readonly [number, number], map);

/** Maps [N, C, H, W], or with `timesteps` [N, T, C, H, W]. */
function mapsOf({ input }: GoldenCase, timesteps?: number): Dataset {
  const [channels, height, width] = input.shape.slice(-3) as [number, number, number];
  const maps = input.shape.slice(0, -3).reduce((product, n) => product * n, 1);
  const samples = maps / (timesteps ?? 1);
  return {
    name: 'golden',
    source: 'golden',
    classes: ['a', 'b', 'c', 'd'],
    shape: [height, width, channels],
    samples,
    values: mapFromTorch(floats(input), [maps, channels, height, width]),
    scale: 1,
    labels: new Uint8Array(samples),
    ...(timesteps !== undefined && { timesteps }),
  };
}

const run = (spec: NetworkSpec, weights: Weights, data: Dataset, options: SimulateOptions) =>
  simulateNetwork(referenceBackend(), spec, weights, data, options);

function assertView(
  view: ViewCounts['view'],
  views: readonly ViewCounts[],
  expected: Readonly<Record<string, unknown>>,
): void {
  const quantities = new Map(
    views.find((each) => each.view === view)!.quantities.map((each) => [each.name, each.value]),
  );
  for (const [name, value] of Object.entries(expected)) {
    const got = quantities.get(name);
    assert.ok(got !== undefined, `${name} is missing; there are ${[...quantities.keys()].join(', ')}`);
    assert.ok(typeof value === 'number' && Math.abs(got - value) <= 1e-7 * value, `${name}: ${got}, expected ${value}`);
  }
}

function assertSyops(views: readonly ViewCounts[], { expect }: GoldenCase): void {
  const { total_ops, ACs, MACs, energy_J_4p6_0p9 } = expect;
  assertView('syops', views, { 'total ops': total_ops, ACs, MACs, energy: energy_J_4p6_0p9 });
}

/** Nonzero inputs of a module, at each of its calls. */
const callsOf = ({ input_stats }: GoldenCase, module: string): number[] =>
  [input_stats[module]!].flat().map(({ nonzero }) => nonzero);

test('syops-counter: an ANN of convolutions, a batch norm, an average and a max pool', async () => {
  const golden = caseOf('syops', 'ann-cnn');
  const spec = network(
    'ann-cnn',
    [8, 8, 2],
    [
      conv('conv1', 4, 3, { padding: 1 }),
      batchNorm('bn1'),
      slot('act1', integrator()),
      averagePool('pool1', 2),
      conv('conv2', 4, 3, { bias: false }),
      slot('act2', integrator()),
      maxPool('pool2', 2),
      flatten(),
      dense('fc', 4),
    ],
  );
  const { init } = golden;
  const weights: Weights = new Map([
    ['conv1/weight', convWeight(init['0.weight']!)],
    ['conv1/bias', floats(init['0.bias']!)],
    ['bn1/scale', floats(init['1.weight']!)],
    ['bn1/shift', floats(init['1.bias']!)],
    ['bn1/mean', floats(init['1.running_mean']!)],
    ['bn1/variance', floats(init['1.running_var']!)],
    ['conv2/weight', convWeight(init['4.weight']!)],
    ['fc/weight', denseWeight(init['8.weight']!, [4, 1, 1])],
    ['fc/bias', floats(init['8.bias']!)],
  ]);
  const { trace } = await run(spec, weights, mapsOf(golden), { mode: 'ann', timesteps: 1 });
  const modules = { conv1: '0', pool1: '3', conv2: '4', pool2: '6', fc: '8' };
  for (const [layer, module] of Object.entries(modules)) {
    const activity = trace.layers.find((each) => each.layer === layer)!;
    assert.deepEqual('nonzeroIn' in activity && activity.nonzeroIn, callsOf(golden, module), layer);
  }
  assertSyops(viewsOf(trace, { spec }), golden);
});

test('syops-counter: a spiking network of convolutions and pools', async () => {
  const golden = caseOf('syops', 'snn-cnn-static');
  const { lifNode, ifNode } = dialects.spikingjelly;
  const spec = network(
    'snn-cnn-static',
    [8, 8, 2],
    [
      conv('conv1', 4, 3, { padding: 1 }),
      slot('lif1', lifNode({ vThreshold: 0.2 })),
      averagePool('pool1', 2),
      conv('conv2', 4, 3, { bias: false }),
      slot('lif2', lifNode({ vThreshold: 0.1 })),
      maxPool('pool2', 2),
      flatten(),
      dense('fc', 4),
      slot('if3', ifNode()),
    ],
  );
  const { init, T: timesteps } = golden;
  const weights: Weights = new Map([
    ['conv1/weight', convWeight(init['net.0.weight']!)],
    ['conv1/bias', floats(init['net.0.bias']!)],
    ['conv2/weight', convWeight(init['net.3.weight']!)],
    ['fc/weight', denseWeight(init['net.7.weight']!, [4, 1, 1])],
    ['fc/bias', floats(init['net.7.bias']!)],
  ]);
  const { trace } = await run(spec, weights, mapsOf(golden), { mode: 'snn', timesteps });
  const modules = { pool1: 'net.2', conv2: 'net.3', pool2: 'net.5', fc: 'net.7' };
  for (const [layer, module] of Object.entries(modules)) {
    const activity = trace.layers.find((each) => each.layer === layer)!;
    assert.deepEqual('nonzeroIn' in activity && activity.nonzeroIn, callsOf(golden, module), layer);
  }
  assertSyops(viewsOf(trace, { spec }), golden);
});

test('NeuroBench: a convolution leaves padding out, pooled spikes are ACs or MACs by the call', async () => {
  const golden = caseOf('neurobench', 'snn-cnn');
  const { leaky } = dialects.snntorch;
  const scalar = (name: string): number => floats(golden.init[name]!)[0]!;
  const cell = (name: string) => leaky({ beta: scalar(`${name}.beta`), threshold: scalar(`${name}.threshold`) });
  const spec = network(
    'snn-cnn',
    [6, 6, 1],
    [
      conv('conv1', 3, 3, { padding: 1 }),
      slot('lif1', cell('l1')),
      averagePool('pool1', 2),
      flatten(),
      dense('fc', 4, { bias: false }),
      slot('lif2', cell('l2')),
    ],
  );
  const weights: Weights = new Map([
    ['conv1/weight', convWeight(golden.init['c1.weight']!)],
    ['conv1/bias', floats(golden.init['c1.bias']!)],
    ['fc/weight', denseWeight(golden.init['fc.weight']!, [3, 3, 3])],
  ]);
  const options = { mode: 'snn', timesteps: golden.T, membraneChanges: true } as const;
  const { trace } = await run(spec, weights, mapsOf(golden, golden.T), {
    ...options,
    batchSize: golden.batch_size,
    perCall: true,
  });
  const { ParameterCount, Footprint, ConnectionSparsity, ActivationSparsity, MembraneUpdates } = golden.expect;
  const views = viewsOf(trace, { spec });
  assertView('neurobench', views, {
    ...{ ParameterCount, Footprint, ConnectionSparsity, ActivationSparsity, MembraneUpdates },
    ...(golden.expect.SynapticOperations as Record<string, number>),
    ...(golden.expect.NeuronOperations as Record<string, number>),
  });
  assert.match(views[0]!.differs, /pooled spikes are ACs or MACs by what values a call happens to hold/);
  const pooled = trace.layers.find(({ layer }) => layer === 'fc')!;
  assert.ok(pooled.kind === 'dense' && pooled.ternaryCallSynapses?.length === golden.T);
});
