// One descriptor an operation: the words its kernel reads, in the order kernels/*.ts document.

import { UnsupportedError } from '../../core/index.ts';
import type { BackwardOp, ForwardOp, GradientOp, LossKind, NeuronOpDynamics, UpdateOp } from '../plan.ts';
import { panelsOf } from './layout.ts';
import { mapBackwardWords, mapForwardWords } from './map-words.ts';
import { flag, floatBits, type Places } from './places.ts';
import { countWords } from './pool-words.ts';

/** Rows a weight gradient takes at a time: 128 bytes each of every output panel, to stay in a first-level cache of 32 KiB. */
const GRADIENT_ROWS = 200;
/** Chunks of `rows` rows that make up about that many. */
export const groupOf = (rows: number): number => Math.max(1, Math.round(GRADIENT_ROWS / rows));

const SURROGATES = ['atan', 'sigmoid', 'fast-sigmoid', 'triangular', 'straight-through'];
const RESETS = ['none', 'subtract', 'value'];
const MOMENTS = ['same-step', 'next-step', 'both-steps'];
const LOSSES: readonly LossKind[] = [
  'cross-entropy',
  'mse-count',
  'ce-rate',
  'ce-count',
  'ce-max-membrane',
  'mse-membrane',
  'ce-membrane',
  'mse-rate',
  'margin',
  'margin-rate',
  'margin-membrane',
  'mse',
  'mse-last-membrane',
];

export function forwardDescriptor(op: Exclude<ForwardOp, { kernel: 'conv' }>, at: Places): number[] {
  switch (op.kernel) {
    case 'load': {
      const x = at.tensor(op.x);
      return [
        ...at.operand(op.x),
        x.spec.features,
        x.rowsPerSample,
        x.panelBytes,
        flag(op.source === 'bytes'),
        floatBits(op.scale),
        x.channels,
      ];
    }
    case 'encode-rate': {
      const x = at.tensor(op.x);
      const head = [...at.operand(op.x), ...at.operand(op.spikes), x.panels, at.timesteps, x.panelBytes];
      return [
        ...head,
        at.tensor(op.spikes).panelBytes,
        floatBits(op.gain),
        floatBits(op.offset),
        flag(x.spec.rows === 'step'),
        ...at.scratch,
        x.channels,
      ];
    }
    case 'encode-latency': {
      const x = at.tensor(op.x);
      const head = [...at.operand(op.x), ...at.operand(op.spikes), x.panels, at.timesteps, x.panelBytes];
      const form = [
        flag(op.convention === 'spikingjelly'),
        flag(op.form === 'log'),
        floatBits(op.tau),
        floatBits(op.threshold),
      ];
      return [...head, at.tensor(op.spikes).panelBytes, ...form, flag(op.normalize), flag(op.clip), x.channels];
    }
    case 'encode-delta': {
      const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
      if (x.spec.values !== 'analog' || y.spec.values !== 'analog')
        throw new UnsupportedError(`wasm backend: encode-delta "${op.layer}" needs analog tensors for x and y`);
      const head = [...at.operand(op.x), ...at.operand(op.y), x.panels, at.timesteps, x.panelBytes, y.panelBytes];
      return [...head, floatBits(op.threshold), flag(op.offSpikes), flag(op.padding)];
    }
    case 'dense': {
      const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
      const spikes = x.spec.values === 'spikes';
      const head = [
        ...at.operand(op.x),
        ...at.operand(op.y),
        at.address(op.weight),
        at.address(op.bias),
        x.spec.features,
      ];
      const shape = [panelsOf(y.spec.features), x.rowsPerSample, x.panelBytes, y.panelBytes, flag(spikes)];
      return [
        ...head,
        ...shape,
        floatBits(spikes ? at.denseAbove.dense.forwardSpikes : at.denseAbove.dense.forwardAnalog),
        ...at.scratch,
        flag(at.wide),
      ];
    }
    case 'relu': {
      const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
      return [...at.operand(op.x), ...at.operand(op.y), x.panels, x.rowsPerSample, x.panelBytes, y.panelBytes];
    }
    case 'dropout':
      return dropoutWords(op.x, op.y, op.rate, op.index, at);
    case 'neuron':
      return neuronWords(op.dynamics, op, at);
    case 'count':
      return countWords(op, at);
    case 'loss':
      return lossWords(op, at);
    case 'pool':
    case 'batch-norm':
    case 'activation':
    case 'softmax':
    case 'join':
    case 'reshape':
      return mapForwardWords(op, at);
    default:
      throw op satisfies never;
  }
}

function dropoutWords(x: string, y: string, rate: number, index: number, at: Places): number[] {
  const [from, to] = [at.tensor(x), at.tensor(y)];
  if (to.spec.values !== 'analog')
    throw new UnsupportedError(`wasm backend: dropout writes "${y}" as spikes; make it analog`);
  const shape = [from.panels, from.rowsPerSample, from.panelBytes, to.panelBytes, flag(from.spec.values === 'spikes')];
  const bound = Math.min(2 ** 32 - 1, Math.floor(rate * 2 ** 32));
  return [...at.operand(x), ...at.operand(y), ...shape, index, bound, floatBits(1 / (1 - rate)), ...at.scratch];
}

function lossWords(op: ForwardOp & { kernel: 'loss' }, at: Places): number[] {
  const output = at.tensor(op.output);
  const T = output.rowsPerSample;
  const gradient = op.dOutput === undefined ? 0 : at.tensor(op.dOutput).panelBytes;
  const isCount = op.loss === 'mse-count';
  const [on, off] =
    op.loss === 'mse-rate'
      ? [1, 0]
      : isCount
        ? [Math.trunc(T * op.onTarget), Math.trunc(T * op.offTarget)]
        : [op.onTarget, op.offTarget];
  const head = [...at.operand(op.output), ...at.operand(op.dOutput), ...at.operand(op.losses), ...at.scratch];
  const shape = [LOSSES.indexOf(op.loss), output.spec.features, T, output.panelBytes, gradient];
  return [...head, ...shape, flag(output.spec.values === 'spikes'), floatBits(on), floatBits(off)];
}

/** What `neuron` and `neuron-backward` name in common. */
interface NeuronTensors {
  readonly current: string;
  readonly spikes?: string;
  readonly charge?: string;
  readonly membrane?: string;
  readonly synapse?: string;
}

function neuronWords(dynamics: NeuronOpDynamics, op: NeuronTensors, at: Places): number[] {
  const current = at.tensor(op.current);
  const stepTensor = [op.charge, op.membrane, op.synapse].find((id) => id !== undefined);
  const stepBytes = stepTensor === undefined ? 0 : at.tensor(stepTensor).panelBytes;
  const tensors = [op.current, op.spikes, op.charge, op.membrane, op.synapse].flatMap((id) => [...at.operand(id)]);
  const threshold = dynamics.threshold === undefined ? at.unreachable : at.address(dynamics.threshold);
  const vectors = [
    ...[dynamics.a, dynamics.b, dynamics.c].map((id) => at.address(id)),
    threshold,
    at.address(dynamics.alpha),
  ];
  const constant = current.spec.rows === 'sample' && at.timesteps > 0;
  const shape = [current.spec.features, at.timesteps, flag(constant), current.panelBytes];
  const bits = op.spikes === undefined ? 0 : at.tensor(op.spikes).panelBytes;
  const reset = [
    flag(dynamics.tie === '>='),
    RESETS.indexOf(dynamics.reset),
    floatBits(dynamics.resetValue),
    MOMENTS.indexOf(dynamics.moment),
    flag(dynamics.dropsInput),
    floatBits(dynamics.initialMembrane),
  ];
  const recurrent = [dynamics.recurrent?.weight, dynamics.recurrent?.scale, dynamics.recurrent?.bias].map((id) =>
    at.address(id),
  );
  const gradient = [flag(dynamics.detachReset), SURROGATES.indexOf(dynamics.surrogate), floatBits(dynamics.slope)];
  const parts = [...tensors, ...at.scratch, ...vectors, ...shape, bits, stepBytes];
  return [...parts, ...reset, ...recurrent, ...gradient, current.channelPanels, current.panels];
}

export function backwardDescriptor(op: Exclude<BackwardOp, { kernel: 'conv-backward' }>, at: Places): number[] {
  switch (op.kernel) {
    case 'dense-backward': {
      const [dy, dx] = [at.tensor(op.dy), at.tensor(op.dx)];
      const head = [...at.operand(op.dy), ...at.operand(op.dx), at.transposed(op.weight), dy.spec.features, dx.panels];
      return [...head, dy.rowsPerSample, dy.panelBytes, dx.panelBytes, flag(at.wide)];
    }
    case 'relu-backward': {
      const [y, dy, dx] = [at.tensor(op.y), at.tensor(op.dy), at.tensor(op.dx)];
      const head = [...at.operand(op.y), ...at.operand(op.dy), ...at.operand(op.dx)];
      return [...head, y.panels, y.rowsPerSample, y.panelBytes, dy.panelBytes, dx.panelBytes];
    }
    case 'dropout-backward':
      return dropoutWords(op.dy, op.dx, op.rate, op.index, at);
    case 'neuron-backward': {
      const sums = [op.dA, op.dB, op.dC, op.dThreshold, op.dAlpha];
      const sampleTensor = sums.find((id) => id !== undefined);
      const dCurrent = at.tensor(op.dCurrent);
      return [
        ...neuronWords(op.dynamics, op, at),
        ...at.operand(op.dSpikes),
        ...at.operand(op.dMembrane),
        ...at.operand(op.dCurrent),
        ...sums.flatMap((id) => [...at.operand(id)]),
        dCurrent.panelBytes,
        sampleTensor === undefined ? 0 : at.tensor(sampleTensor).panelBytes,
        at.transposed(op.dynamics.recurrent?.weight),
      ];
    }
    case 'pool-backward':
    case 'batch-norm-backward':
    case 'running-norm-backward':
    case 'activation-backward':
    case 'softmax-backward':
    case 'join-backward':
    case 'accumulate':
    case 'reshape-backward':
      return mapBackwardWords(op, at);
    default:
      throw op satisfies never;
  }
}

/** A gradient operation's descriptor and how many items it is made of. */
export function gradientDescriptor(
  op: Exclude<GradientOp, { kernel: 'conv-gradient' }>,
  at: Places,
): { words: number[]; items: number } {
  switch (op.kernel) {
    case 'dense-gradient': {
      const [x, dy] = [at.tensor(op.x), at.tensor(op.dy)];
      const spikes = x.spec.values === 'spikes';
      if ((op.shift ?? 0) !== 0 && !spikes)
        throw new UnsupportedError(
          `wasm backend: dense-gradient "${op.layer}" with a shift needs spikes, "${op.x}" is analog`,
        );
      const head = [...at.operand(op.x), ...at.operand(op.dy), at.address(op.dWeight), x.spec.features, dy.panels];
      const shape = [x.rowsPerSample, x.panelBytes, dy.panelBytes, flag(spikes)];
      const dense = spikes ? at.denseAbove.dense.gradientSpikes : at.denseAbove.dense.gradientAnalog;
      const words = [
        ...head,
        ...shape,
        floatBits(dense),
        ...at.scratch,
        op.shift ?? 0,
        at.timesteps,
        groupOf(x.rowsPerSample * at.chunkSamples),
      ];
      return { words, items: Math.ceil(x.panels / 2) };
    }
    case 'sum-gradient': {
      const dy = at.tensor(op.dy);
      return {
        words: [
          ...[...at.operand(op.dy), at.address(op.dVector), dy.rowsPerSample, dy.panelBytes],
          ...[dy.pixels, dy.channelPanels],
        ],
        items: 2 * dy.channelPanels,
      };
    }
    case 'scale-gradient': {
      const [spikes, dy] = [at.tensor(op.spikes), at.tensor(op.dy)];
      const head = [...at.operand(op.spikes), ...at.operand(op.dy), at.address(op.dScale), at.timesteps];
      return { words: [...head, spikes.panelBytes, dy.panelBytes], items: dy.panels };
    }
    default:
      throw op satisfies never;
  }
}

/** Update operations that are one kernel each; `clip`, `zero` and the transposes are cut up by the compiler. */
export function updateDescriptor(op: Exclude<UpdateOp, { kernel: 'clip' | 'zero' }>, at: Places): number[] {
  const columns = (id: string): number => at.parameter(id).spec.columns;
  switch (op.kernel) {
    case 'sgd': {
      const ids = [op.parameter, op.gradient, op.velocity].map((id) => at.address(id));
      return [...ids, at.parameter(op.parameter).bytes, flag(op.decay)];
    }
    case 'adam': {
      const ids = [op.parameter, op.gradient, op.m, op.v].map((id) => at.address(id));
      return [...ids, at.parameter(op.parameter).bytes, flag(op.decoupled), flag(op.decay)];
    }
    case 'derive-decay': {
      const ids = [op.raw, op.a, op.b, op.c].map((id) => at.address(id));
      return [...ids, columns(op.raw), columns(op.a), flag(op.form === 'tau'), flag(op.inputDecay), floatBits(op.rest)];
    }
    case 'derive-decay-backward': {
      const ids = [op.raw, op.dRaw, op.dA, op.dB, op.dC].map((id) => at.address(id));
      return [
        ...ids,
        columns(op.raw),
        columns(op.dA),
        flag(op.form === 'tau'),
        flag(op.inputDecay),
        floatBits(op.rest),
      ];
    }
    case 'spread':
      return [at.address(op.raw), at.address(op.vector), columns(op.vector)];
    case 'spread-backward':
      return [at.address(op.dRaw), at.address(op.dVector), columns(op.dVector)];
    default:
      throw op satisfies never;
  }
}
