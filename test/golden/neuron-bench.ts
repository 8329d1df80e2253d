// One neuron layer as a plan, driven with a given input and given upstream gradients: L = sum(wSpikes s) + sum(wMembrane m).
// The three arrive as one staged tensor [3N] and are told apart by matrices of zeros and ones, which is exact.

import type { Backend, NeuronOpDynamics, ParameterSpec, Plan, TensorSpec, UpdateOp } from '../../src/engine/index.ts';
import { decayCoefficients, type NeuronSpec } from '../../src/model/index.ts';

/** What a peer's case says beyond the neuron's choices: values of parameters that training would change. */
export interface NeuronDrive {
  readonly timesteps: number;
  readonly samples: number;
  readonly neurons: number;
  /** Each [samples, timesteps, neurons]. */
  readonly input: Float32Array;
  readonly wSpikes: Float32Array;
  readonly wMembrane: Float32Array;
  /** Raw learnable decay (beta, or w), 1 or N values; makes dDecay part of the result. */
  readonly rawDecay?: ArrayLike<number>;
  /** Recurrent weight [N, N], row = from; or scale, 1 or N values. */
  readonly weight?: Float32Array;
  readonly scale?: ArrayLike<number>;
  readonly bias?: Float32Array;
}

export interface NeuronResult {
  readonly spikes: Float32Array;
  readonly membrane: Float32Array;
  readonly synapse: Float32Array;
  readonly loss: number;
  readonly dInput: Float32Array;
  /** Per neuron, [N]; dDecay and dScale have as many values as the raw parameter. */
  readonly dThreshold: Float32Array;
  readonly dAlpha: Float32Array;
  readonly dDecay: Float32Array;
  readonly dScale: Float32Array;
  readonly dWeight: Float32Array;
  readonly dBias: Float32Array;
}

const step = (id: string, features: number, values: TensorSpec['values'] = 'analog'): TensorSpec => ({
  ...{ id, rows: 'step', features, values, keep: 'batch' },
});
const perSample = (id: string, features: number): TensorSpec => ({
  ...{ id, rows: 'sample', features, values: 'analog', keep: 'batch' },
});
const matrix = (id: string, rows: number, columns: number): ParameterSpec => ({
  ...{ id, rows, columns, layer: 'n', role: id },
});
const vector = (id: string, columns: number): ParameterSpec => matrix(id, 1, columns);

/** The neuron's choices as a plan wants them, with the ids of this bench. */
export function dynamicsOf(neuron: NeuronSpec, drive: Partial<NeuronDrive>): NeuronOpDynamics {
  const recurrent = {
    ...(drive.weight && { weight: 'weight' }),
    ...(drive.scale && { scale: 'scale' }),
    ...(drive.bias && { bias: 'bias' }),
  };
  return {
    ...{ a: 'a', b: 'b', c: 'c', tie: neuron.tie },
    ...(neuron.threshold !== null && { threshold: 'threshold' }),
    ...(neuron.synapse && { alpha: 'alpha' }),
    ...{ reset: neuron.reset.kind, resetValue: neuron.reset.value, moment: neuron.reset.moment },
    ...{ dropsInput: neuron.reset.dropsInput, detachReset: neuron.reset.gradient === 'detached' },
    ...{ surrogate: neuron.surrogate.kind, slope: neuron.surrogate.slope },
    initialMembrane: neuron.initialMembrane,
    ...(Object.keys(recurrent).length > 0 && { recurrent }),
  };
}

function planOf(neuron: NeuronSpec, drive: NeuronDrive): Plan {
  const { neurons: N, timesteps } = drive;
  const dynamics = dynamicsOf(neuron, drive);
  const shared = drive.scale?.length === 1;
  const decays = drive.rawDecay?.length ?? 1;
  const { decay } = neuron;
  const form = {
    form: decay.form === 'tau' ? 'tau' : 'beta',
    inputDecay: decay.form === 'tau' && decay.inputDecay,
    rest: decay.form === 'tau' ? decay.rest : 0,
    raw: 'rawDecay',
  } as const;
  const backward = { layer: 'n', dynamics, current: 'current', charge: 'charge' };
  const outputs = { spikes: 'spikes', membrane: 'membrane', synapse: 'synapse' };
  const update: UpdateOp[] = [];
  if (drive.rawDecay) {
    update.push({ kernel: 'derive-decay', ...form, a: 'a', b: 'b', c: 'c' });
    const gradients = { dRaw: 'dDecay', dA: 'dA@', dB: 'dB@', dC: 'dC@' };
    update.push({ kernel: 'derive-decay-backward', ...form, ...gradients });
  }
  if (shared) {
    update.push({ kernel: 'spread', raw: 'rawScale', vector: 'scale' });
    update.push({ kernel: 'spread-backward', dRaw: 'dScale', dVector: 'dScale@' });
  }
  const sums = ['dA', 'dB', 'dC', ...(dynamics.threshold ? ['dThreshold'] : []), ...(dynamics.alpha ? ['dAlpha'] : [])];
  return {
    timesteps,
    tensors: [
      ...[step('staged', 3 * N), step('current', N), step('dSpikes', N), step('dMembrane', N)],
      ...[step('spikes', N, 'spikes'), step('charge', N), step('membrane', N), step('synapse', N)],
      step('dCurrent', N),
      ...sums.map((id) => perSample(id, N)),
    ],
    parameters: [
      ...['toCurrent', 'toSpikes', 'toMembrane'].map((id) => matrix(id, 3 * N, N)),
      ...['a', 'b', 'c', 'threshold', 'alpha', 'scale', 'bias', 'dBias', 'dScale@'].map((id) => vector(id, N)),
      ...sums.map((id) => vector(`${id}@`, N)),
      ...[matrix('weight', N, N), matrix('dWeight', N, N)],
      ...[vector('rawDecay', decays), vector('dDecay', decays)],
      ...[vector('rawScale', 1), vector('dScale', 1)],
    ],
    forward: [
      { kernel: 'load', layer: 'input', source: 'floats', scale: 1, x: 'staged' },
      { kernel: 'dense', layer: 'input', x: 'staged', weight: 'toCurrent', y: 'current' },
      { kernel: 'dense', layer: 'input', x: 'staged', weight: 'toSpikes', y: 'dSpikes' },
      { kernel: 'dense', layer: 'input', x: 'staged', weight: 'toMembrane', y: 'dMembrane' },
      { kernel: 'neuron', ...backward, ...outputs },
    ],
    backward: [
      {
        ...{ kernel: 'neuron-backward', ...backward, ...outputs },
        ...{ dSpikes: 'dSpikes', dMembrane: 'dMembrane', dCurrent: 'dCurrent' },
        ...Object.fromEntries(sums.map((id) => [id, id])),
      },
    ],
    gradients: [
      ...sums.map((id) => ({ kernel: 'sum-gradient', layer: 'n', dy: id, dVector: `${id}@` }) as const),
      ...(drive.weight
        ? [{ kernel: 'dense-gradient', layer: 'n', x: 'spikes', dy: 'dCurrent', dWeight: 'dWeight', shift: 1 } as const]
        : []),
      ...(drive.scale
        ? [{ kernel: 'scale-gradient', layer: 'n', spikes: 'spikes', dy: 'dCurrent', dScale: 'dScale@' } as const]
        : []),
      ...(drive.bias ? [{ kernel: 'sum-gradient', layer: 'n', dy: 'dCurrent', dVector: 'dBias' } as const] : []),
    ],
    update,
  };
}

/** [3N, N]: picks the `part`-th third. */
function selector(part: number, N: number): Float32Array {
  const weights = new Float32Array(3 * N * N);
  for (let n = 0; n < N; n++) weights[(part * N + n) * N + n] = 1;
  return weights;
}

/** [rows, N] each, side by side [rows, 3N]. */
function sideBySide(parts: readonly Float32Array[], N: number): Float32Array {
  const rows = parts[0]!.length / N;
  const joined = new Float32Array(rows * N * parts.length);
  for (let row = 0; row < rows; row++)
    for (const [p, part] of parts.entries())
      joined.set(part.subarray(row * N, (row + 1) * N), (row * parts.length + p) * N);
  return joined;
}

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k]! * y[k]!;
  return sum;
};

export function runNeuron(backend: Backend, neuron: NeuronSpec, drive: NeuronDrive): NeuronResult {
  const { neurons: N, samples } = drive;
  const program = backend.compile(planOf(neuron, drive), { samples });
  for (const [part, id] of ['toCurrent', 'toSpikes', 'toMembrane'].entries()) program.write(id, selector(part, N));
  const { a, b, c, threshold, alpha } = decayCoefficients(neuron, N);
  const values = { a, b, c, threshold, alpha, weight: drive.weight, bias: drive.bias };
  for (const [id, value] of Object.entries(values)) if (value) program.write(id, Float32Array.from(value));
  if (drive.rawDecay) program.write('rawDecay', Float32Array.from(drive.rawDecay));
  if (drive.scale) program.write(drive.scale.length === 1 ? 'rawScale' : 'scale', Float32Array.from(drive.scale));
  program.update({ learningRate: 0, step: 1 });
  const input = sideBySide([drive.input, drive.wSpikes, drive.wMembrane], N);
  program.run({ samples, input, seed: 0, epoch: 0 });
  program.update({ learningRate: 0, step: 1 });
  const tensor = (id: string): Float32Array => Float32Array.from(program.tensor(id));
  const read = (id: string): Float32Array => Float32Array.from(program.read(id));
  const [spikes, membrane] = [tensor('spikes'), tensor('membrane')];
  const result = {
    ...{ spikes, membrane, synapse: tensor('synapse') },
    loss: dot(drive.wSpikes, spikes) + dot(drive.wMembrane, membrane),
    dInput: tensor('dCurrent'),
    dThreshold: threshold ? read('dThreshold@') : new Float32Array(N),
    dAlpha: alpha ? read('dAlpha@') : new Float32Array(N),
    ...{
      dDecay: read('dDecay'),
      dScale: read(drive.scale?.length === 1 ? 'dScale' : 'dScale@'),
      dWeight: read('dWeight'),
      dBias: read('dBias'),
    },
  };
  program.close();
  return result;
}

/** The gradient of one number shared by all neurons: a peer's scalar parameter. */
export const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);

/** A peer's gradient is a scalar or one value a neuron; ours, per neuron, is summed to match. */
export const likePeer = (ours: ArrayLike<number>, peer: ArrayLike<number>): ArrayLike<number> =>
  peer.length === 1 ? [total(ours)] : ours;
