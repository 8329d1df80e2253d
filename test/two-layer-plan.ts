// A network of two dense layers, each followed by neurons, as a plan written out by hand: forward, loss, backward, optimiser.
// Tensors and parameters are called as `lower` calls them: x, fc1/weight, fc1/weight@grad, lif1@a, ...

import type {
  BackwardOp,
  ForwardOp,
  LossKind,
  ParameterSpec,
  Plan,
  TensorSpec,
  UpdateOp,
} from '../src/engine/index.ts';
import { decayCoefficients, type NeuronSpec, rawDecay } from '../src/model/index.ts';

export interface TwoLayers {
  readonly sizes: readonly [inputs: number, hidden: number, outputs: number];
  readonly timesteps: number;
  /** One row a sample: a constant drive; one a step: a sequence. */
  readonly input: 'sample' | 'step';
  readonly bias: boolean;
  readonly neuron: NeuronSpec;
  readonly loss: LossKind;
  readonly onTarget?: number;
  readonly offTarget?: number;
  readonly optimizer?: 'adam' | 'adamw' | 'sgd';
  readonly clip?: boolean;
  /** Staged data; default floats. */
  readonly source?: 'bytes' | 'floats';
  /** Rate-code the (static) input. */
  readonly rate?: { readonly gain: number; readonly offset: number };
}

const LAYERS = [1, 2] as const;

/** Parameters that learn, in order. */
export function learned(net: TwoLayers): readonly string[] {
  return LAYERS.flatMap((k) => [
    `fc${k}/weight`,
    ...(net.bias ? [`fc${k}/bias`] : []),
    ...(net.neuron.learn.decay ? [`lif${k}/decay`] : []),
  ]);
}

const lossReadsMembrane = (loss: LossKind): boolean => loss.endsWith('membrane');

export function twoLayerPlan(net: TwoLayers): Plan {
  return {
    timesteps: net.timesteps,
    tensors: tensorsOf(net),
    parameters: parametersOf(net),
    forward: forwardOf(net),
    backward: backwardOf(net),
    gradients: gradientsOf(net),
    update: updateOf(net),
  };
}

/** Start values of everything a neuron layer needs; weights are the caller's. */
export function neuronValues(net: TwoLayers): ReadonlyMap<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const k of LAYERS) {
    const { a, b, c, threshold } = decayCoefficients(net.neuron, net.sizes[k]);
    for (const [role, vector] of Object.entries({ a, b, c, threshold }))
      if (vector) values.set(`lif${k}@${role}`, Float32Array.from(vector));
    if (net.neuron.learn.decay) values.set(`lif${k}/decay`, Float32Array.from(rawDecay(net.neuron)));
  }
  return values;
}

function tensorsOf({ sizes, input, rate }: TwoLayers): TensorSpec[] {
  const analog = (id: string, rows: 'sample' | 'step', features: number): TensorSpec => ({
    ...{ id, rows, features, values: 'analog', keep: 'batch' },
  });
  const firstRows = rate ? 'step' : input;
  return [
    analog('x', input, sizes[0]),
    ...(rate ? [{ ...analog('encoded', 'step', sizes[0]), values: 'spikes' } as const] : []),
    analog('losses', 'sample', 1),
    ...LAYERS.flatMap((k) => [
      analog(`current${k}`, k === 1 ? firstRows : 'step', sizes[k]),
      { ...analog(`spikes${k}`, 'step', sizes[k]), values: 'spikes' } as const,
      ...['charge', 'membrane', 'dOut'].map((id) => analog(`${id}${k}`, 'step', sizes[k])),
      analog(`dCurrent${k}`, k === 1 ? firstRows : 'step', sizes[k]),
      ...['dA', 'dB', 'dC'].map((id) => analog(`${id}${k}`, 'sample', sizes[k])),
    ]),
  ];
}

function parametersOf(net: TwoLayers): ParameterSpec[] {
  const withState = (id: string, rows: number, columns: number, layer: string): ParameterSpec[] =>
    ['', '@grad', '@m', '@v'].map((suffix) => ({
      id: `${id}${suffix}`,
      rows,
      columns,
      layer,
      role: id.split('/')[1]!,
    }));
  const vector = (id: string, columns: number, layer: string): ParameterSpec => ({
    ...{ id, rows: 1, columns, layer, role: id.split('@')[1]! },
  });
  return LAYERS.flatMap((k) => [
    ...withState(`fc${k}/weight`, net.sizes[k - 1]!, net.sizes[k], `fc${k}`),
    ...(net.bias ? withState(`fc${k}/bias`, 1, net.sizes[k], `fc${k}`) : []),
    ...['a', 'b', 'c', 'threshold', 'a@grad', 'b@grad', 'c@grad'].map((role) =>
      vector(`lif${k}@${role}`, net.sizes[k], `lif${k}`),
    ),
    ...(net.neuron.learn.decay ? withState(`lif${k}/decay`, 1, rawDecay(net.neuron).length, `lif${k}`) : []),
  ]);
}

function neuronFields({ neuron }: TwoLayers, k: 1 | 2) {
  const { reset, surrogate } = neuron;
  return {
    layer: `lif${k}`,
    dynamics: {
      ...{ a: `lif${k}@a`, b: `lif${k}@b`, c: `lif${k}@c`, threshold: `lif${k}@threshold`, tie: neuron.tie },
      ...{ reset: reset.kind, resetValue: reset.value, moment: reset.moment, dropsInput: reset.dropsInput },
      ...{ detachReset: reset.gradient === 'detached', surrogate: surrogate.kind, slope: surrogate.slope },
      initialMembrane: neuron.initialMembrane,
    },
    ...{ current: `current${k}`, spikes: `spikes${k}`, charge: `charge${k}`, membrane: `membrane${k}` },
  };
}

function forwardOf(net: TwoLayers): Plan['forward'] {
  const dense = (k: 1 | 2, x: string): ForwardOp => ({
    kernel: 'dense',
    ...{ layer: `fc${k}`, x, weight: `fc${k}/weight`, y: `current${k}` },
    ...(net.bias && { bias: `fc${k}/bias` }),
  });
  return [
    {
      kernel: 'load',
      layer: 'input',
      source: net.source ?? 'floats',
      scale: net.source === 'bytes' ? 1 / 255 : 1,
      x: 'x',
    },
    ...(net.rate ? [{ kernel: 'encode-rate', layer: 'encoder', ...net.rate, x: 'x', spikes: 'encoded' } as const] : []),
    dense(1, net.rate ? 'encoded' : 'x'),
    { kernel: 'neuron', ...neuronFields(net, 1) },
    dense(2, 'spikes1'),
    { kernel: 'neuron', ...neuronFields(net, 2) },
    {
      kernel: 'loss',
      ...{ layer: 'loss', loss: net.loss, losses: 'losses', dOutput: 'dOut2' },
      ...{ onTarget: net.onTarget ?? 1, offTarget: net.offTarget ?? 0 },
      output: lossReadsMembrane(net.loss) ? 'membrane2' : 'spikes2',
    },
  ];
}

function backwardOf(net: TwoLayers): Plan['backward'] {
  const neuron = (k: 1 | 2, upstream: 'dSpikes' | 'dMembrane'): BackwardOp => ({
    kernel: 'neuron-backward',
    ...{ ...neuronFields(net, k), [upstream]: `dOut${k}`, dCurrent: `dCurrent${k}` },
    ...(net.neuron.learn.decay && { dA: `dA${k}`, dB: `dB${k}`, dC: `dC${k}` }),
  });
  return [
    neuron(2, lossReadsMembrane(net.loss) ? 'dMembrane' : 'dSpikes'),
    { kernel: 'dense-backward', layer: 'fc2', dy: 'dCurrent2', weight: 'fc2/weight', dx: 'dOut1' },
    neuron(1, 'dSpikes'),
  ];
}

function gradientsOf(net: TwoLayers): Plan['gradients'] {
  return LAYERS.flatMap((k) => {
    const x = k === 2 ? 'spikes1' : net.rate ? 'encoded' : 'x';
    const sum = (dy: string, dVector: string) => ({ kernel: 'sum-gradient', layer: `fc${k}`, dy, dVector }) as const;
    return [
      { kernel: 'dense-gradient', layer: `fc${k}`, x, dy: `dCurrent${k}`, dWeight: `fc${k}/weight@grad` } as const,
      ...(net.bias ? [sum(`dCurrent${k}`, `fc${k}/bias@grad`)] : []),
      ...(net.neuron.learn.decay
        ? (['A', 'B', 'C'] as const).map((role) => sum(`d${role}${k}`, `lif${k}@${role.toLowerCase()}@grad`))
        : []),
    ];
  });
}

function updateOf(net: TwoLayers): UpdateOp[] {
  const { decay, learn } = net.neuron;
  const decayFields = (k: 1 | 2) =>
    ({
      form: decay.form === 'tau' ? 'tau' : 'beta',
      inputDecay: decay.form === 'tau' && decay.inputDecay,
      rest: decay.form === 'tau' ? decay.rest : 0,
      raw: `lif${k}/decay`,
    }) as const;
  const all = learned(net);
  const optimizer = net.optimizer ?? 'adam';
  const step = (parameter: string): UpdateOp => {
    const gradient = `${parameter}@grad`;
    const decays = parameter.endsWith('weight');
    if (optimizer === 'sgd') return { kernel: 'sgd', parameter, gradient, velocity: `${parameter}@v`, decay: decays };
    const state = { m: `${parameter}@m`, v: `${parameter}@v` };
    return { kernel: 'adam', parameter, gradient, ...state, decoupled: optimizer === 'adamw', decay: decays };
  };
  const vectors = (k: 1 | 2): string[] => ['a', 'b', 'c'].map((role) => `lif${k}@${role}`);
  return [
    ...(learn.decay
      ? LAYERS.map((k): UpdateOp => {
          const [dA, dB, dC] = vectors(k).map((id) => `${id}@grad`) as [string, string, string];
          return { kernel: 'derive-decay-backward', ...decayFields(k), dRaw: `lif${k}/decay@grad`, dA, dB, dC };
        })
      : []),
    ...(net.clip ? [{ kernel: 'clip', gradients: all.map((id) => `${id}@grad`) } as const] : []),
    ...all.map(step),
    ...(learn.decay
      ? LAYERS.map((k): UpdateOp => {
          const [a, b, c] = vectors(k) as [string, string, string];
          return { kernel: 'derive-decay', ...decayFields(k), a, b, c };
        })
      : []),
    {
      kernel: 'zero',
      parameters: [
        ...all.filter((id) => !id.endsWith('decay')).map((id) => `${id}@grad`),
        ...LAYERS.flatMap((k) => vectors(k).map((id) => `${id}@grad`)),
      ],
    },
  ];
}
