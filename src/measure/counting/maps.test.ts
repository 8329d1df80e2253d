// Convolutions, pools, norms and joins of a ledger, by hand, and traces of them that cannot be.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  ActivityTrace,
  ConvActivity,
  JoinActivity,
  LayerActivity,
  NeuronActivity,
  NormActivity,
  PoolActivity,
} from '../../simulate/index.ts';
import { COLUMNS, type OpCounts } from '../counts.ts';
import { countOperations } from '../ledger.ts';

/** 3x3 with padding 1 on [4, 5, 2], 6 filters in 2 groups: 10 * 13 taps inside. */
const window = {
  input: [4, 5],
  output: [4, 5],
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1],
  dilation: [1, 1],
} as const;
const TAPS = 10 * 13;
const conv: ConvActivity = {
  kind: 'conv',
  layer: 'conv1',
  window,
  inputChannels: 2,
  filters: 6,
  groups: 2,
  bias: true,
  input: 'spikes',
  executions: 2,
  nonzeroIn: [3, 1],
  nonzeroInPerSample: [4],
  reachedPixels: [22, 4],
  reachedPixelsPerSample: [26],
  zeroWeights: 0,
};
const neuron: NeuronActivity = {
  kind: 'neuron',
  layer: 'lif1',
  neurons: 120,
  spikes: [30, 20],
  spikesPerSample: [50],
  silentNeurons: 0,
  saturatedNeurons: 0,
  leaky: true,
  currentBased: false,
  inputScaled: false,
  fires: true,
  reset: 'subtract',
  recurrent: 'none',
};
const pool: PoolActivity = {
  kind: 'pool',
  layer: 'pool1',
  mode: 'average',
  window: { ...window, output: [2, 2], kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
  channels: 6,
  input: 'spikes',
  executions: 2,
  nonzeroIn: [30, 20],
  nonzeroInPerSample: [50],
  reachedPixels: [25, 18],
};
const norm: NormActivity = { kind: 'batch-norm', layer: 'bn1', features: 120, executions: 2 };
const join: JoinActivity = { kind: 'join', layer: 'sum', mode: 'add', features: 120, input: 'analog', executions: 2 };

const trace = (layers: readonly LayerActivity[], rest: Partial<ActivityTrace> = {}): ActivityTrace => ({
  mode: 'snn',
  samples: 1,
  timesteps: 2,
  layers,
  ...rest,
});
const count = (layers: readonly LayerActivity[], zeroSkipping = true) =>
  countOperations(trace(layers), { zeroSkipping });
const nonzero = (counts: OpCounts): Partial<OpCounts> =>
  Object.fromEntries(COLUMNS.filter((column) => counts[column] !== 0).map((column) => [column, counts[column]]));
const at = (layers: readonly LayerActivity[], index: number, zeroSkipping = true): Partial<OpCounts> =>
  nonzero(count(layers, zeroSkipping).layers[index]!.counts);

test('a convolution of spikes: additions where a tap is inside the map, three filters a channel', () => {
  const bias = { biasAcs: 240, biasReads: 240 };
  const dense = TAPS * 2 * 3 * 2;
  assert.deepEqual(at([conv, neuron], 0), { acs: 78, denseAcs: dense, ...bias, inputReads: 4, weightReads: 78 });
  const all = { acs: dense, denseAcs: dense, ...bias, inputReads: 80, weightReads: dense };
  assert.deepEqual(at([conv, neuron], 0, false), all);
  const { synopsByStep, synopsPerSample } = count([conv]);
  assert.deepEqual([synopsByStep, synopsPerSample], [[66, 12], [78]]);
});

test('a convolution of analog values multiplies; a constant one once, and its result is stored', () => {
  const constant: ConvActivity = {
    ...conv,
    input: 'analog',
    executions: 1,
    nonzeroIn: [5],
    nonzeroInPerSample: [5],
    reachedPixels: [31],
    reachedPixelsPerSample: [31],
  };
  const counts = count([constant, neuron]).layers.map((layer) => layer.counts);
  assert.deepEqual([counts[0]!.macs, counts[0]!.denseMacs, counts[0]!.outputWrites], [93, TAPS * 6, 120]);
  assert.equal(counts[1]!.inputReads, 240);
  // a norm in between takes the result as it comes, and is what is stored
  const normed = count([constant, { ...norm, executions: 1 }, neuron]).layers.map((layer) => layer.counts);
  assert.deepEqual(
    normed.map(({ normMacs, outputWrites, inputReads }) => [normMacs, outputWrites, inputReads]),
    [
      [0, 0, 5],
      [120, 120, 0],
      [0, 50, 240],
    ],
  );
});

test('pools: additions and multiplications, or comparisons; spikes in windows only', () => {
  const reads = { inputReads: 50, outputWrites: 48 };
  assert.deepEqual(at([pool], 0), { poolAcs: 43, poolMuls: 48, ...reads });
  assert.deepEqual(at([{ ...pool, mode: 'max' }], 0), { poolCompares: 43, ...reads });
  const counters = { stateReads: 50, stateWrites: 50 };
  assert.deepEqual(at([{ ...pool, mode: 'winner' }], 0), { poolAcs: 50, poolCompares: 43, ...counters, ...reads });
  const dense = { poolAcs: 192, poolMuls: 48, inputReads: 240, outputWrites: 48 };
  assert.deepEqual(at([pool], 0, false), dense);
});

test('a zero may be the largest of analog values: such a maximum skips none', () => {
  assert.deepEqual(at([{ ...pool, mode: 'max', input: 'analog' }], 0), {
    poolCompares: 192,
    inputReads: 240,
    outputWrites: 48,
  });
});

test('windows nobody counted: as many as there can be, at most', () => {
  const { reachedPixels: _, ...uncounted } = pool;
  assert.equal(at([{ ...uncounted, mode: 'max' }], 0).poolCompares, 50);
  const overlapping = { ...uncounted.window, output: [3, 4], stride: [1, 1] } as const;
  assert.equal(at([{ ...uncounted, mode: 'max', window: overlapping }], 0).poolCompares, 200);
});

test('what a pool writes is what its reader found nonzero', () => {
  const reader: ConvActivity = {
    ...conv,
    layer: 'conv2',
    window: { ...window, input: [2, 2], output: [2, 2] },
    inputChannels: 6,
    nonzeroIn: [7, 5],
    nonzeroInPerSample: [12],
    reachedPixels: [28, 20],
    reachedPixelsPerSample: [48],
  };
  assert.equal(at([{ ...pool, mode: 'max' }, reader], 0).outputWrites, 12);
  assert.equal(at([{ ...pool, mode: 'max' }, reader], 0, false).outputWrites, 48);
});

test('a join reads the operand that had to wait, not the one that comes straight from its layer', () => {
  const residual: LayerActivity[] = [neuron, { ...conv, layer: 'conv2' }, { ...join, reads: ['conv2', 'lif1'] }];
  assert.deepEqual(at(residual, 2), { joinOps: 240, inputReads: 50, outputWrites: 240 });
  assert.deepEqual(at(residual, 2, false), { joinOps: 240, inputReads: 240, outputWrites: 240 });
  assert.equal(at(residual, 1).outputWrites, undefined);
  const waits: LayerActivity[] = [
    neuron,
    { ...conv, layer: 'conv2' },
    { ...conv, layer: 'conv3', reads: ['lif1'] },
    { ...join, reads: ['conv2', 'conv3'] },
  ];
  assert.deepEqual(
    [at(waits, 1).outputWrites, at(waits, 2).outputWrites, at(waits, 3).inputReads],
    [240, undefined, 240],
  );
});

test('activations, softmax and norms that were not folded', () => {
  const ann = (layers: readonly LayerActivity[]) =>
    countOperations(trace(layers, { mode: 'ann', timesteps: 1 }), { zeroSkipping: true }).layers.map(({ counts }) =>
      nonzero(counts),
    );
  const activation = { kind: 'activation', layer: 'a', features: 10, nonzeroOut: [4] } as const;
  assert.deepEqual(ann([{ ...activation, form: 'relu6' }]), [{ reluOps: 10, activationOps: 10, outputWrites: 4 }]);
  assert.deepEqual(ann([{ ...activation, form: 'leaky-relu' }]), [
    { reluOps: 10, activationMuls: 10, outputWrites: 4 },
  ]);
  const quantized = { reluOps: 10, activationOps: 30, activationMuls: 20, outputWrites: 4 };
  assert.deepEqual(ann([{ ...activation, form: 'quantized' }]), [quantized]);
  assert.deepEqual(ann([{ kind: 'softmax', layer: 's', features: 10 }]), [{ softmaxOps: 10, outputWrites: 10 }]);
  assert.deepEqual(at([norm], 0), { normMacs: 240, outputWrites: 240 });
});

const wrong: readonly [string, LayerActivity, RegExp][] = [
  ['reach of nothing', { ...conv, nonzeroIn: [0, 4] }, /conv1": reachedPixels at execution 0 \(of 0 nonzero inputs\)/],
  ['reach', { ...conv, reachedPixels: [261, 4] }, /"conv1": reachedPixels\[0\] is 261, expected 0 to 260/],
  ['sums', { ...conv, reachedPixelsPerSample: [27] }, /"conv1": reached pixels sum to 26 over steps but to 27 over/],
  ['executions', { ...conv, executions: 3 }, /layer "conv1": executed 3 times a sample, expected 1 .* or 2/],
  ['pool', { ...pool, nonzeroIn: [241, 0] }, /layer "pool1": nonzeroIn\[0\] is 241, expected 0 to 120/],
  ['windows', { ...pool, reachedPixels: [97, 0] }, /layer "pool1": reachedPixels\[0\] is 97, expected 0 to 96/],
  [
    'samples of a pool',
    { ...pool, nonzeroInPerSample: [49] },
    /"pool1": nonzero inputs sum to 50 over steps but to 49/,
  ],
  ['norm', { ...norm, executions: 3 }, /layer "bn1": executed 3 times a sample/],
  ['join', { ...join, reads: ['a', 'b'] }, /layer "sum": reads "a", which is no layer before it; the trace is incompl/],
];
for (const [what, layer, message] of wrong)
  test(`a wrong trace stops the count: ${what}`, () => {
    assert.throws(() => count([layer]), { name: 'NumericError', message });
  });
