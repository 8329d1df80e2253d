// The neuron operations of a plan: each sample of the batch through `simulate`, and back through `backpropagate`. The backward
// runs the sample forward again rather than trusting what was saved: slow, and the same to the last bit.

import { NumericError, surrogateDerivative } from '../../core/index.ts';
import type { BackwardOp, ForwardOp, NeuronOpDynamics } from '../plan.ts';
import { backpropagate, type History, type NeuronParameters, simulate } from './neuron.ts';
import type { Run, Tensor } from './run.ts';
import { channelsOf } from './window.ts';

/** Parameters of each neuron: on a map, those of its channel. */
function parametersOf(dynamics: NeuronOpDynamics, { spec }: Tensor, run: Run): NeuronParameters {
  const C = channelsOf(spec);
  const own = (id: string): Float64Array => {
    const vector = run.parameter(id);
    return C === spec.features ? vector : Float64Array.from({ length: spec.features }, (_, n) => vector[n % C]!);
  };
  const get = (id: string | undefined) => (id === undefined ? undefined : own(id));
  const { recurrent } = dynamics;
  return {
    a: own(dynamics.a),
    b: own(dynamics.b),
    c: own(dynamics.c),
    threshold: get(dynamics.threshold),
    alpha: get(dynamics.alpha),
    weight: recurrent?.weight === undefined ? undefined : run.parameter(recurrent.weight),
    scale: get(recurrent?.scale),
    bias: get(recurrent?.bias),
  };
}

/** One sample through time; a current of one row a sample is the same at every step. */
function simulateSample(op: { dynamics: NeuronOpDynamics; current: string }, run: Run, sample: number): History {
  const tensor = run.tensor(op.current);
  const { data, rows, features } = tensor;
  const current = (t: number, n: number): number => data[(sample * rows + (rows === 1 ? 0 : t)) * features + n]!;
  return simulate(op.dynamics, parametersOf(op.dynamics, tensor, run), current, run.timesteps);
}

export function neuron(op: Extract<ForwardOp, { kernel: 'neuron' }>, run: Run): void {
  const N = run.tensor(op.current).features;
  for (let sample = 0; sample < run.samples; sample++) {
    const history = simulateSample(op, run, sample);
    const bad = history.charge.findIndex((u) => !Number.isFinite(u));
    if (bad >= 0)
      throw new NumericError(
        `layer "${op.layer}": membrane of neuron ${bad % N} is ${history.charge[bad]} at step ${Math.floor(bad / N)} (sample ${sample} of the batch); lower the learning rate or the weights`,
      );
    for (const role of ['spikes', 'charge', 'membrane', 'synapse'] as const) {
      const id = op[role];
      if (id !== undefined) run.tensor(id).data.set(history[role], sample * run.timesteps * N);
    }
  }
}

export function neuronBackward(op: Extract<BackwardOp, { kernel: 'neuron-backward' }>, run: Run): void {
  const { dynamics } = op;
  const dCurrent = run.tensor(op.dCurrent);
  const [N, T] = [dCurrent.features, run.timesteps];
  const derivative = (x: number): number => surrogateDerivative(dynamics.surrogate, dynamics.slope, x);
  const parameters = parametersOf(dynamics, run.tensor(op.current), run);
  for (let sample = 0; sample < run.samples; sample++) {
    const own = (id: string | undefined) =>
      id === undefined ? undefined : run.tensor(id).data.subarray(sample * T * N, (sample + 1) * T * N);
    const history = simulateSample(op, run, sample);
    const upstream = { dSpikes: own(op.dSpikes), dMembrane: own(op.dMembrane) };
    const gradients = backpropagate(dynamics, parameters, history, upstream, derivative);
    if (dCurrent.spec.rows === 'step') dCurrent.data.set(gradients.dCurrent, sample * T * N);
    else dCurrent.data.set(sumOverTime(gradients.dCurrent, N), sample * N);
    for (const role of ['dA', 'dB', 'dC', 'dThreshold', 'dAlpha'] as const) {
      const id = op[role];
      if (id !== undefined) run.tensor(id).data.set(gradients[role], sample * N);
    }
  }
}

/** [T, N] to [N]: the gradient of a current that is the same at every step. */
function sumOverTime(values: Float64Array, N: number): Float64Array {
  const sum = new Float64Array(N);
  for (let k = 0; k < values.length; k++) sum[k % N]! += values[k]!;
  return sum;
}
