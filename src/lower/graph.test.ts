// Plans of networks of maps: what is emitted, in which layout, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlan, type Plan } from '../engine/index.ts';
import {
  add,
  averagePool,
  batchNorm,
  conv,
  dense,
  dropout,
  flatten,
  globalPool,
  join,
  type LayerSpec,
  lif,
  maxPool,
  network,
  pool,
  recurrentLif,
  slot,
  softmax,
} from '../model/index.ts';
import { type Lowered, type LowerOptions, lower, type Probe } from './index.ts';

const base = { input: { source: 'floats' }, timesteps: 5, mode: 'snn', purpose: 'infer' } as const;
const train: LowerOptions = { ...base, purpose: 'train', loss: { kind: 'ce-membrane' }, optimizer: { kind: 'adam' } };
const ann = { mode: 'ann', timesteps: 1 } as const;
const trainAnn: LowerOptions = { ...train, ...ann, loss: { kind: 'cross-entropy' } };
const rate = { kind: 'rate', gain: 1, offset: 0 } as const;

const lowered = (layers: readonly LayerSpec[], options: LowerOptions, input = [6, 5, 2]): Lowered => {
  const result = lower(network('n', input, layers), options);
  checkPlan(result.plan);
  return result;
};

const kernels = (ops: readonly { kernel: string; layer?: string }[]): string[] =>
  ops.map(({ kernel, layer }) => `${kernel} ${layer}`);

const shape = ({ tensors }: Plan, id: string): string => {
  const { rows, features, channels, values } = tensors.find((tensor) => tensor.id === id)!;
  return `${rows} ${features}${channels === undefined ? '' : `/${channels}`} ${values}`;
};

const probeOf = <K extends Probe['kind']>({ probes }: Lowered, kind: K): Extract<Probe, { kind: K }> =>
  probes.find((probe) => probe.kind === kind) as Extract<Probe, { kind: K }>;

const CNN = [
  conv('c1', 4, 3, { stride: 2, padding: 1 }),
  slot('s1', lif()),
  maxPool('p1', 2),
  flatten(),
  dense('fc', 3),
];

test('the input is loaded flat and becomes a map; a map becomes flat before a dense layer', () => {
  const { plan, outputs } = lowered(CNN, { ...base, encoder: rate }, [7, 8, 2]);
  assert.deepEqual(kernels(plan.forward), [
    'load input',
    'encode-rate input',
    'reshape c1',
    'conv c1',
    'neuron s1',
    'pool p1',
    'reshape flatten',
    'dense fc',
    'neuron @readout',
  ]);
  assert.equal(shape(plan, '@input@spikes'), 'step 112 spikes');
  assert.equal(shape(plan, '@input@spikes@map'), 'step 112/2 spikes');
  assert.equal(shape(plan, 'c1@y'), 'step 64/4 analog');
  assert.equal(shape(plan, 's1@spikes'), 'step 64/4 spikes');
  assert.equal(shape(plan, 'p1@y'), 'step 16/4 spikes');
  assert.equal(shape(plan, 'fc@y'), 'step 3 analog');
  assert.equal(
    plan.parameters.find(({ id }) => id === 's1@a')!.columns,
    4,
    'a neuron vector holds one value a channel',
  );
  assert.equal(outputs.membrane, '@readout@membrane');
});

test('a dense layer on the raw input reads it as it lies, whoever else makes a map of it', () => {
  const layers = [
    conv('c1', 3, [6, 5]),
    flatten('f1'),
    flatten('f2', { from: 'input' }),
    dense('fc', 3),
    add('sum', 'f1', 'fc'),
  ];
  const { plan } = lowered(layers, { ...base, ...ann });
  const dense1 = plan.forward.find((op) => op.kernel === 'dense')!;
  assert.equal(dense1.x, '@input');
  assert.equal(
    plan.forward.filter(({ kernel }) => kernel === 'reshape').length,
    1,
    'c1 gives one pixel, which is flat',
  );
});

test('a constant drive is convolved and normalised once a sample; its row stands for every step', () => {
  const layers = [conv('c1', 4, 3), batchNorm('bn', { threshold: 0.5 }), slot('s1', lif()), conv('c2', 3, [4, 3])];
  const result = lowered(layers, train);
  const { plan, weights, gradients, state, probes } = result;
  assert.equal(shape(plan, 'bn@y'), 'sample 48/4 analog');
  const norm = plan.forward.find((op) => op.kernel === 'batch-norm')!;
  assert.deepEqual([norm.statistics, norm.repeats, norm.factor], ['batch', 5, 0.5]);
  const ids = weights.map(({ id }) => id);
  for (const id of ['bn/mean', 'bn/variance']) {
    assert.ok(ids.includes(id) && state.includes(id) && !gradients.has(id), id);
  }
  assert.ok(gradients.has('bn/scale') && gradients.has('bn/shift') && state.includes('bn/scale@m'));
  assert.ok(!state.some((id) => id.startsWith('bn@batch')), 'statistics of a batch are not saved');
  assert.deepEqual(
    probes.filter((probe) => 'executions' in probe).map((probe) => `${probe.layer} ${probe.executions}`),
    ['c1 1', 'bn 1', 'c2 5'],
  );
  const infer = lowered(layers, { ...base, encoder: rate }).plan.forward.find((op) => op.kernel === 'batch-norm')!;
  assert.deepEqual([infer.statistics, infer.repeats], ['running', 1]);
});

test('backward: conv-backward only where it is wanted, and one accumulate for each further reader', () => {
  const layers = [
    conv('c1', 2, 3, { padding: 'same' }),
    slot('r1', lif()),
    conv('c2', 2, 3, { padding: 'same' }),
    add('sum', 'c2', 'r1'),
    slot('r2', lif()),
    globalPool('pool'),
  ];
  const { plan } = lowered(layers, trainAnn);
  assert.deepEqual(kernels(plan.backward), [
    'pool-backward pool',
    'relu-backward r2',
    'conv-backward c2',
    'accumulate r1',
    'relu-backward r1',
  ]);
  assert.deepEqual(kernels(plan.gradients), [
    'conv-gradient c2',
    'sum-gradient c2',
    'conv-gradient c1',
    'sum-gradient c1',
  ]);
  const { backward } = lowered(layers, { ...trainAnn, observe: { inputGradient: true } }).plan;
  assert.deepEqual(kernels(backward).slice(-2), ['conv-backward c1', 'reshape-backward c1']);
});

test('what is spikes, what is not: pools and joins', () => {
  const block = (mode: 'add' | 'and' | 'iand', second: LayerSpec): LayerSpec[] => [
    conv('c1', 2, 3, { padding: 'same' }),
    slot('s1', lif()),
    conv('c2', 2, 3, { padding: 'same' }),
    slot('s2', lif()),
    join('j', mode, ['s1', 's2']),
    second,
    conv('c3', 3, [2, 1]),
    flatten(),
  ];
  const input = (mode: 'add' | 'and' | 'iand', second: LayerSpec): string => {
    const { probes, plan } = lowered(block(mode, second), base);
    const probe = probes.findLast(({ kind }) => kind === 'conv') as Extract<Probe, { kind: 'conv' }>;
    return `${shape(plan, 'j@y')}, ${probe.input}`;
  };
  assert.equal(input('add', maxPool('p', 3)), 'step 60/2 analog, analog');
  assert.equal(input('and', maxPool('p', 3)), 'step 60/2 spikes, spikes');
  assert.equal(input('iand', pool('p', 'winner', 3)), 'step 60/2 spikes, spikes');
  assert.equal(input('and', averagePool('p', 3)), 'step 60/2 spikes, analog');
});

test('an ANN takes the maximum where a spiking network passes on the winner', () => {
  const layers = [conv('c1', 2, 3), slot('s1', lif()), pool('p', 'winner', 2), flatten(), dense('fc', 3)];
  const modeOf = (options: LowerOptions) =>
    lowered(layers, options).plan.forward.find((op) => op.kernel === 'pool')!.mode;
  assert.deepEqual([modeOf(base), modeOf({ ...base, ...ann }), modeOf(trainAnn)], ['winner', 'max', 'max']);
  assert.throws(() => lowered(layers, train), /pool "p": winner is for converted networks and is not trained/);
});

test('activations of an ANN; a spiking network reads the same slots as neurons', () => {
  const layers = [
    conv('c1', 2, 3),
    slot('a', lif(), { ann: 'relu6' }),
    conv('c2', 2, 1),
    slot('b', lif(), { ann: { kind: 'leaky-relu', slope: 0.1 } }),
    conv('c3', 2, 1),
    slot('q', lif(), { ann: { kind: 'quantized', levels: 4, ceiling: 2 } }),
    flatten(),
    dense('fc', 3),
  ];
  const { plan, gradients } = lowered(layers, trainAnn);
  const forms = plan.forward.filter((op) => op.kernel === 'activation');
  assert.deepEqual(
    forms.map(({ form, slope, levels, ceiling }) => [form, slope, levels, ceiling]),
    [
      ['relu6', undefined, undefined, undefined],
      ['leaky-relu', 0.1, undefined, undefined],
      ['quantized', undefined, 4, 'q/ceiling'],
    ],
  );
  assert.equal(gradients.get('q/ceiling'), 'q/ceiling@grad');
  assert.equal(shape(plan, 'q@dCeiling'), 'sample 1 analog');
  const spiking = lowered(layers, train);
  assert.ok(!spiking.plan.forward.some(({ kernel }) => kernel === 'activation'));
  assert.ok(!spiking.weights.some(({ id }) => id === 'q/ceiling'));
});

test('a softmax at the end: probabilities for an ANN that infers; the loss reads the logits', () => {
  const layers = [flatten(), dense('fc', 3), softmax()];
  const infer = lowered(layers, { ...base, ...ann, loss: { kind: 'cross-entropy' } });
  assert.deepEqual([infer.outputs.logits, infer.outputs.probabilities], ['fc@y', 'softmax@y']);
  assert.equal(infer.plan.forward.find((op) => op.kernel === 'loss')!.output, 'fc@y');
  for (const options of [trainAnn, train, base]) {
    const { plan, outputs } = lowered(layers, options);
    assert.equal(outputs.probabilities, undefined);
    assert.ok(!plan.forward.some(({ kernel }) => kernel === 'softmax'));
  }
});

test('a slot on a map may be the end, behind a flatten: spikes and membrane are read flat', () => {
  const layers = [conv('c1', 2, 3), slot('s1', lif()), flatten()];
  const { plan, outputs } = lowered(layers, { ...train, observe: { membranes: 'all' } });
  assert.deepEqual([outputs.layer, outputs.features], ['s1', 24]);
  for (const id of [outputs.spikes!, outputs.membrane!]) assert.match(shape(plan, id), /^step 24 /);
  assert.deepEqual(kernels(plan.backward), ['reshape-backward s1', 'neuron-backward s1']);
});

test('observers of maps: counts, reached pixels, inputs, activations', () => {
  const observe = { counts: true, inputs: 'all', activations: ['c1', 's1', 'p1'], spikes: 'all' } as const;
  const result = lowered(CNN, { ...base, encoder: rate, observe }, [7, 8, 2]);
  const { plan, activations } = result;
  assert.deepEqual(
    [...activations],
    [
      ['c1', 'c1@y'],
      ['s1', 's1@spikes'],
      ['p1', 'p1@y'],
    ],
  );
  for (const id of activations.values()) assert.equal(plan.tensors.find((tensor) => tensor.id === id)!.keep, 'batch');
  const { window, ...probe } = probeOf(result, 'conv');
  assert.deepEqual(probe, {
    ...{ kind: 'conv', layer: 'c1', inputChannels: 2, filters: 4, groups: 1, bias: true },
    ...{
      input: 'spikes',
      executions: 5,
      counts: '@input@spikes@nonzero',
      reached: 'c1@reached',
      x: '@input@spikes@map',
    },
  });
  assert.deepEqual(window.output, [4, 4]);
  const reach = plan.forward.find((op) => op.kernel === 'count' && op.reach !== undefined)!;
  assert.ok(reach.kernel === 'count' && reach.x === '@input@spikes@map');
  assert.equal(
    plan.forward.filter(({ kernel }) => kernel === 'count').length,
    4,
    'a value in two layouts is counted once',
  );
  assert.equal(probeOf(result, 'pool').counts, 's1@spikes@nonzero');
});

test('networks of maps that cannot be lowered are refused by layer', () => {
  const refuses = (layers: LayerSpec[], message: RegExp, options: LowerOptions = base): void => {
    assert.throws(() => lowered(layers, options), message);
  };
  const spikes = [conv('c1', 2, 3), slot('s1', lif())];
  refuses([conv('c1', 2, 3)], /network "n" ends in the map \[4, 3, 2\] of "c1".*put a flatten/);
  refuses([...spikes, globalPool('p', 'max')], /network "n": ends in the spikes of "p", which is no slot/);
  refuses([...spikes, maxPool('p', 2), slot('s2', lif()), flatten()], /slot "s2": receives spikes directly/);
  refuses([...spikes, batchNorm('bn'), flatten()], /batch-norm "bn": receives spikes, expected currents/);
  refuses([...spikes, dropout('d', 0.5), flatten()], /dropout "d": stands behind the output layer "s1"; remove it/);
  refuses(
    [conv('c1', 2, 3), slot('r', recurrentLif({ topology: 'one-to-one' })), flatten()],
    /slot "r": is recurrent on a map of 12 pixels, expected a flat input; put a flatten before it/,
  );
  const shared = [
    flatten(),
    dense('fc1', 4),
    slot('r', recurrentLif({ topology: 'one-to-one' })),
    dense('fc2', 4, { from: 'flatten' }),
    slot('s', lif()),
    add('sum', 'r', 's'),
    dense('fc3', 3),
  ];
  refuses(shared, /slot "r": is recurrent, and a join adds its spikes as they are/, train);
  lowered(shared, base);
});
