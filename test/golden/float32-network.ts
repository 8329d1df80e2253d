// A two-layer network in plain float32, written apart from the engine, that runs a golden network and notes what flowed.
// Inputs are [sample][step][feature]; a static input has one step and is presented at each.

import type { ActivityTrace, DenseActivity, LayerActivity, NeuronActivity } from '../../src/simulate/index.ts';

const f = Math.fround;
export type Rows = readonly (readonly Float32Array[])[];

export interface DenseWeights {
  /** [out][in] */
  readonly weight: readonly Float32Array[];
  readonly bias: Float32Array | null;
}

/** One step of one neuron: the state before and the input, to the state after and whether it fired. */
export type NeuronStep = (membrane: number, input: number) => { membrane: number; spike: number };

/** snnTorch's Leaky: the reset of the step before acts first; fires strictly above threshold. */
export const leaky =
  (beta: number, threshold: number, reset: 'subtract' | 'zero'): NeuronStep =>
  (membrane, input) => {
    const fired = f(membrane - threshold) > 0 ? 1 : 0;
    const decayed = f(f(f(beta) * membrane) + input);
    const next =
      reset === 'subtract' ? f(decayed - f(fired * threshold)) : f(decayed - f(fired * f(f(beta) * membrane)));
    return { membrane: next, spike: f(next - threshold) > 0 ? 1 : 0 };
  };

/** SpikingJelly's IFNode (tau null) and LIFNode with input decay; fires at threshold, resets to 0 at once. */
export const spikingJellyNode =
  (threshold: number, tau: number | null): NeuronStep =>
  (membrane, input) => {
    const charged = tau === null ? f(membrane + input) : f(membrane + f(f(input - membrane) / tau));
    const spike = f(charged - f(threshold)) >= 0 ? 1 : 0;
    return { membrane: spike ? 0 : charged, spike };
  };

function multiply({ weight, bias }: DenseWeights, x: Float32Array): Float32Array {
  return Float32Array.from(weight, (row, output) => {
    let sum = bias === null ? 0 : bias[output]!;
    for (let input = 0; input < x.length; input++) sum = f(sum + f(row[input]! * x[input]!));
    return sum;
  });
}

function denseActivity(layer: string, dense: DenseWeights, x: Rows, input: 'spikes' | 'analog'): DenseActivity {
  const steps = x[0]!.map((_, step) => step);
  const rows = (step: number): readonly Float32Array[] => x.map((sample) => sample[step]!);
  const nonzero = (row: Float32Array): number => row.filter((value) => value !== 0).length;
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const pairs = (row: Float32Array): number =>
    total(dense.weight.map((weights) => weights.filter((weight, index) => weight !== 0 && row[index] !== 0).length));
  return {
    kind: 'dense',
    layer,
    inputs: dense.weight[0]!.length,
    outputs: dense.weight.length,
    bias: dense.bias !== null,
    input,
    executions: steps.length,
    nonzeroIn: steps.map((step) => total(rows(step).map(nonzero))),
    nonzeroInPerSample: x.map((sample) => total(sample.map(nonzero))),
    zeroWeights: total(dense.weight.map((weights) => weights.filter((weight) => weight === 0).length)),
    nonzeroSynapses: steps.map((step) => total(rows(step).map(pairs))),
  };
}

function neuronActivity(layer: string, spikes: Rows, membranes: Rows, isLeaky: boolean): NeuronActivity {
  const steps = spikes[0]!.map((_, step) => step);
  const total = (row: Float32Array): number => row.reduce((sum, value) => sum + value, 0);
  const changed = (sample: readonly Float32Array[], step: number): number =>
    sample[step]!.filter((membrane, neuron) => step === 0 || membrane !== sample[step - 1]![neuron]).length;
  return {
    kind: 'neuron',
    layer,
    neurons: spikes[0]![0]!.length,
    spikes: steps.map((step) => spikes.reduce((sum, sample) => sum + total(sample[step]!), 0)),
    spikesPerSample: spikes.map((sample) => sample.reduce((sum, row) => sum + total(row), 0)),
    silentNeurons: 0,
    saturatedNeurons: 0,
    leaky: isLeaky,
    currentBased: false,
    inputScaled: false,
    fires: true,
    reset: 'subtract',
    recurrent: 'none',
    membraneChanges: steps.map((step) => membranes.reduce((sum, sample) => sum + changed(sample, step), 0)),
  };
}

/** Runs dense, neuron, dense, neuron for T steps. The trace names the layers fc1, lif1, fc2, lif2. */
export function runSpiking(
  layers: readonly DenseWeights[],
  neurons: readonly NeuronStep[],
  input: Rows,
  options: { readonly timesteps: number; readonly input: 'spikes' | 'analog'; readonly leaky: boolean },
): { readonly trace: ActivityTrace; readonly output: Rows } {
  const activities: LayerActivity[] = [];
  let x = input;
  layers.forEach((dense, index) => {
    const ran = x.map((sample) => runLayer(dense, neurons[index]!, sample, options.timesteps));
    const spikes = ran.map((sample) => sample.spikes);
    activities.push(denseActivity(`fc${index + 1}`, dense, x, index === 0 ? options.input : 'spikes'));
    activities.push(
      neuronActivity(
        `lif${index + 1}`,
        spikes,
        ran.map((sample) => sample.membranes),
        options.leaky,
      ),
    );
    x = spikes;
  });
  const trace: ActivityTrace = { mode: 'snn', samples: input.length, timesteps: options.timesteps, layers: activities };
  return { trace, output: x };
}

function runLayer(dense: DenseWeights, step: NeuronStep, sample: readonly Float32Array[], timesteps: number) {
  const [spikes, membranes]: [Float32Array[], Float32Array[]] = [[], []];
  let membrane = new Float32Array(dense.weight.length);
  for (let t = 0; t < timesteps; t++) {
    const drive = multiply(dense, sample[Math.min(t, sample.length - 1)]!);
    const next = Array.from(membrane, (value, neuron) => step(value, drive[neuron]!));
    membrane = Float32Array.from(next, (each) => each.membrane);
    membranes.push(membrane);
    spikes.push(Float32Array.from(next, (each) => each.spike));
  }
  return { spikes, membranes };
}

/** Runs dense, ReLU, dense. */
export function runAnn(
  layers: readonly DenseWeights[],
  input: Rows,
): { readonly trace: ActivityTrace; readonly output: Rows } {
  const hidden = input.map(([x]) => [multiply(layers[0]!, x!).map((value) => Math.max(0, value))]);
  const nonzeroOut = [hidden.reduce((sum, [row]) => sum + row!.filter((value) => value !== 0).length, 0)];
  const trace: ActivityTrace = {
    mode: 'ann',
    samples: input.length,
    timesteps: 1,
    layers: [
      denseActivity('fc1', layers[0]!, input, 'analog'),
      { kind: 'relu', layer: 'lif1', features: hidden[0]![0]!.length, nonzeroOut },
      denseActivity('fc2', layers[1]!, hidden, 'analog'),
    ],
  };
  return { trace, output: hidden.map(([x]) => [multiply(layers[1]!, x!)]) };
}
