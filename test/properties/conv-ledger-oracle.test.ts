// The ledger of convolutional networks against brute force. A random small network is run by the engine; the oracle takes the
// spikes it can see one by one (rasters) and the input, and visits every synapse in plain loops over output pixels, taps, channels
// and filters, padding, stride, dilation and groups included. It knows nothing of reach, nor of the ledger's formulas.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rng } from '../../src/core/index.ts';
import type { Dataset } from '../../src/data/index.ts';
import { referenceBackend } from '../../src/engine/index.ts';
import { countOperations, type OpCounts } from '../../src/measure/index.ts';
import {
  type ConvSpec,
  conv,
  dense,
  flatten,
  ifNeuron,
  inferShapes,
  initialWeights,
  type NetworkSpec,
  network,
  type PoolSpec,
  pool,
  slot,
  type Weights,
} from '../../src/model/index.ts';
import { type SimulationResult, simulateNetwork } from '../../src/simulate/index.ts';

const CLASSES = 3;

interface Geometry {
  readonly kernel: [number, number];
  readonly stride: [number, number];
  readonly padding: [number, number];
  readonly dilation: [number, number];
  readonly groups: number;
  readonly bias: boolean;
}
interface Case {
  readonly size: [number, number];
  readonly first: Geometry;
  readonly second: Geometry;
  readonly pool: { readonly mode: PoolSpec['mode']; readonly stride: number } | null;
  readonly samples: number;
  readonly timesteps: number;
  readonly zeroSkipping: boolean;
  readonly pruned: boolean;
  readonly seed: number;
}

const pair = (least: number, most: number) =>
  fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
const geometry = (groups: readonly number[]): fc.Arbitrary<Geometry> =>
  fc.record({
    kernel: pair(1, 3),
    stride: pair(1, 2),
    padding: pair(0, 2),
    dilation: pair(1, 2),
    groups: fc.constantFrom(...groups),
    bias: fc.boolean(),
  });
const cases: fc.Arbitrary<Case> = fc.record({
  size: pair(5, 7),
  first: geometry([1, 2]),
  second: geometry([1, 2, 4]),
  pool: fc.option(
    fc.record({ mode: fc.constantFrom('max', 'average', 'winner'), stride: fc.integer({ min: 1, max: 3 }) }),
  ),
  samples: fc.integer({ min: 1, max: 3 }),
  timesteps: fc.integer({ min: 1, max: 4 }),
  zeroSkipping: fc.boolean(),
  pruned: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

const CHANNELS = 2;
const options = ({ kernel: _, ...rest }: Geometry) => rest;

/** conv1 (analog input) - if1 - [pool] - conv2 - if2 - fc - if3; undefined if a map gets smaller than a kernel. */
function build(c: Case): NetworkSpec | undefined {
  const neuron = ifNeuron({ threshold: 0.25 });
  try {
    return network(
      'oracle',
      [...c.size, CHANNELS],
      [
        conv('conv1', 4, c.first.kernel, options(c.first)),
        slot('if1', neuron),
        ...(c.pool ? [pool('pool', c.pool.mode, 2, { stride: c.pool.stride })] : []),
        conv('conv2', 8, c.second.kernel, options(c.second)),
        slot('if2', neuron),
        flatten(),
        dense('fc', CLASSES),
        slot('if3', neuron),
      ],
    );
  } catch {
    return undefined;
  }
}

function weightsFor(spec: NetworkSpec, { pruned, seed }: Case): Weights {
  const random = rng(seed, 2);
  const prune = (values: Float32Array): Float32Array => values.map((value) => (random.below(3) === 0 ? 0 : value));
  return new Map([...initialWeights(spec, seed)].map(([key, values]) => [key, pruned ? prune(values) : values]));
}

function dataFor({ size, samples, seed }: Case): Dataset {
  const random = rng(seed, 1);
  const features = size[0] * size[1] * CHANNELS;
  return {
    name: 'random',
    source: 'test',
    classes: ['a', 'b', 'c'],
    shape: [...size, CHANNELS],
    samples,
    values: Uint8Array.from({ length: samples * features }, () => Math.max(0, random.below(400) - 144)),
    scale: 1 / 255,
    labels: new Uint8Array(samples),
  };
}

/** [step][value]; a constant input has one step. */
type Signal = number[][];

function spikesOf(result: SimulationResult, sample: number, layer: string, size: number): Signal {
  const signal = Array.from({ length: result.timesteps }, () => new Array<number>(size).fill(0));
  const raster = result.rasters[sample]!.layers.find((each) => each.layer === layer)!;
  for (const [step, neuron] of raster.spikes) signal[step]![neuron] = 1;
  return signal;
}

interface Tally {
  readonly layers: Map<string, Partial<Record<keyof OpCounts, number>>>;
  readonly perSample: number[];
  readonly nonzeroSynapses: Map<string, number>;
}

class Oracle {
  readonly tally: Tally;
  private readonly c: Case;
  private readonly weights: Weights;

  constructor(c: Case, weights: Weights) {
    this.c = c;
    this.weights = weights;
    this.tally = { layers: new Map(), perSample: new Array(c.samples).fill(0), nonzeroSynapses: new Map() };
  }

  count(layer: string, column: keyof OpCounts, by = 1): void {
    const counts = this.tally.layers.get(layer) ?? {};
    counts[column] = (counts[column] ?? 0) + by;
    this.tally.layers.set(layer, counts);
  }

  synapse(layer: string, analog: boolean, value: number, weight: number, sample: number): void {
    this.count(layer, analog ? 'denseMacs' : 'denseAcs');
    if (value !== 0 && weight !== 0)
      this.tally.nonzeroSynapses.set(layer, (this.tally.nonzeroSynapses.get(layer) ?? 0) + 1);
    if (this.c.zeroSkipping && value === 0) return;
    this.count(layer, analog ? 'macs' : 'acs');
    this.count(layer, 'weightReads');
    this.tally.perSample[sample]!++;
  }

  convolve(
    spec: ConvSpec,
    shape: readonly number[],
    output: readonly number[],
    x: number[],
    analog: boolean,
    sample: number,
  ) {
    const [height, width, channels] = shape as [number, number, number];
    const weight = this.weights.get(`${spec.name}/weight`)!;
    const [inGroup, outGroup] = [channels / spec.groups, spec.filters / spec.groups];
    for (let oy = 0; oy < output[0]!; oy++)
      for (let ox = 0; ox < output[1]!; ox++)
        for (let filter = 0; filter < spec.filters; filter++) {
          if (spec.bias) this.count(spec.name, 'biasAcs');
          for (let ky = 0; ky < spec.kernel[0]; ky++)
            for (let kx = 0; kx < spec.kernel[1]; kx++)
              for (let c = 0; c < inGroup; c++) {
                const y = oy * spec.stride[0] - spec.padding[0] + ky * spec.dilation[0];
                const x_ = ox * spec.stride[1] - spec.padding[1] + kx * spec.dilation[1];
                if (y < 0 || x_ < 0 || y >= height || x_ >= width) continue;
                const channel = Math.floor(filter / outGroup) * inGroup + c;
                const row = (ky * spec.kernel[1] + kx) * inGroup + c;
                const value = x[(y * width + x_) * channels + channel]!;
                this.synapse(spec.name, analog, value, weight[row * spec.filters + filter]!, sample);
              }
        }
    this.read(spec.name, x);
  }

  read(layer: string, x: readonly number[]): void {
    this.count(layer, 'inputReads', x.filter((value) => value !== 0 || !this.c.zeroSkipping).length);
  }

  /** Returns what the pool gives, by its definition; `counts`: how often each input has spiked so far. */
  pool(
    mode: PoolSpec['mode'],
    stride: number,
    [height, width, channels]: readonly [number, number, number],
    x: number[],
    counts: number[],
  ): number[] {
    const y: number[] = [];
    for (let k = 0; k < x.length; k++) counts[k]! += x[k]!;
    for (let oy = 0; oy * stride + 2 <= height; oy++)
      for (let ox = 0; ox * stride + 2 <= width; ox++)
        for (let channel = 0; channel < channels; channel++) {
          const window = [0, 1].flatMap((ky) =>
            [0, 1].map((kx) => ((oy * stride + ky) * width + ox * stride + kx) * channels + channel),
          );
          for (const at of window)
            if (x[at] !== 0 || !this.c.zeroSkipping)
              this.count('pool', mode === 'average' ? 'poolAcs' : 'poolCompares');
          if (mode === 'average') this.count('pool', 'poolMuls');
          const values = window.map((at) => x[at]!);
          const most = window.reduce((best, at) => (counts[at]! > counts[best]! ? at : best));
          if (mode === 'average') y.push(values.reduce((sum, value) => sum + value) / 4);
          else y.push(mode === 'max' ? Math.max(...values) : x[most]!);
        }
    this.read('pool', x);
    if (mode === 'winner')
      for (const value of x) if (value !== 0 || !this.c.zeroSkipping) this.count('pool', 'poolAcs');
    return y;
  }

  dense(x: readonly number[], sample: number): void {
    const weight = this.weights.get('fc/weight')!;
    x.forEach((value, i) => {
      for (let o = 0; o < CLASSES; o++) this.synapse('fc', false, value, weight[i * CLASSES + o]!, sample);
    });
    this.read('fc', x);
  }
}

function bruteForce(c: Case, spec: NetworkSpec, weights: Weights, data: Dataset, result: SimulationResult): Tally {
  const oracle = new Oracle(c, weights);
  const shapes = new Map(inferShapes(spec).map((shape) => [shape.layer, shape]));
  const layer = (name: string) => spec.layers.find((each) => each.name === name) as ConvSpec;
  const size = (name: string): number => shapes.get(name)!.output.reduce((product, n) => product * n, 1);
  const features = data.values.length / c.samples;
  for (let sample = 0; sample < c.samples; sample++) {
    const image = [...data.values.slice(sample * features, (sample + 1) * features)];
    const first = shapes.get('conv1')!;
    oracle.convolve(layer('conv1'), first.input, first.output, image, true, sample);
    const counts = new Array<number>(size('if1')).fill(0);
    for (const spikes of spikesOf(result, sample, 'if1', size('if1'))) {
      const second = shapes.get('conv2')!;
      const map = shapes.get('if1')!.output as unknown as [number, number, number];
      const pooled = c.pool === null ? spikes : oracle.pool(c.pool.mode, c.pool.stride, map, spikes, counts);
      oracle.convolve(layer('conv2'), second.input, second.output, pooled, c.pool?.mode === 'average', sample);
    }
    for (const spikes of spikesOf(result, sample, 'if2', size('if2'))) oracle.dense(spikes, sample);
  }
  return oracle.tally;
}

const COMPARED: readonly (keyof OpCounts)[] = [
  ...(['macs', 'acs', 'denseMacs', 'denseAcs', 'biasAcs', 'weightReads', 'inputReads'] as const),
  ...(['poolAcs', 'poolMuls', 'poolCompares'] as const),
];

test('convolutional networks: the ledger counts what brute force counts, layer by layer and sample by sample', async () => {
  let [compared, spiked] = [0, 0];
  await fc.assert(
    fc.asyncProperty(cases, async (c) => {
      const spec = build(c);
      if (spec === undefined) return;
      const [weights, data] = [weightsFor(spec, c), dataFor(c)];
      const result = await simulateNetwork(referenceBackend(), spec, weights, data, {
        mode: 'snn',
        timesteps: c.timesteps,
        rasterSamples: c.samples,
        batchSize: 2,
      });
      const ledger = countOperations(result.trace, { zeroSkipping: c.zeroSkipping });
      const expected = bruteForce(c, spec, weights, data, result);
      for (const name of ['conv1', 'conv2', 'pool', 'fc']) {
        const found = ledger.layers.find(({ layer }) => layer === name)?.counts;
        for (const column of COMPARED) {
          if (name === 'fc' && column === 'biasAcs') continue;
          const want = (expected.layers.get(name)?.[column] ?? 0) / c.samples;
          assert.equal(found?.[column] ?? 0, want, `${name} ${column}`);
        }
      }
      assert.deepEqual(ledger.synopsPerSample, expected.perSample);
      for (const activity of result.trace.layers) {
        if ((activity.kind !== 'conv' && activity.kind !== 'dense') || activity.nonzeroSynapses === undefined) continue;
        const sum = activity.nonzeroSynapses.reduce((total, count) => total + count, 0);
        assert.equal(sum, expected.nonzeroSynapses.get(activity.layer) ?? 0, `${activity.layer} nonzero synapses`);
      }
      compared++;
      if (ledger.layers.find(({ layer }) => layer === 'conv2')!.counts.acs > 0) spiked++;
    }),
    { numRuns: 60 },
  );
  assert.ok(compared > 20 && spiked > 10, `only ${compared} networks were built and ${spiked} had spikes`);
});
