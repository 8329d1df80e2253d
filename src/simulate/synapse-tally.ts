// Activity of layers with weights, dense and convolutional: nonzero inputs, the output pixels they reach, the values they take, and,
// where weights are zero, the synapses that count.

import type { Probe } from '../lower/index.ts';
import { nonzeroConvSynapses, nonzeroDenseSynapses } from './nonzero-synapses.ts';
import { CountSums, type ReadTensor, type Tally } from './tally.ts';
import type { ConvActivity, DenseActivity } from './trace.ts';

type DenseProbe = Extract<Probe, { kind: 'dense' }>;
type ConvProbe = Extract<Probe, { kind: 'conv' }>;

/** `weight`: [inputs, outputs]. `perCall`: look at the values of each batch and execution by itself. */
export function denseTally(probe: DenseProbe, weight: Float32Array, perCall: boolean): Tally {
  const { inputs, outputs } = probe;
  const activity = weightedTally(probe, weight, perCall, () => nonzeroDenseSynapses(weight, inputs, outputs));
  return {
    add: activity.add,
    finish: () => ({ kind: 'dense', inputs, outputs, ...activity.finish() }) satisfies DenseActivity,
  };
}

/** `weight`: [kernel height * kernel width * channels of a group, filters]. */
export function convTally(probe: ConvProbe, weight: Float32Array, perCall: boolean): Tally {
  const { window, inputChannels, filters, groups, executions } = probe;
  const activity = weightedTally(probe, weight, perCall, () => nonzeroConvSynapses(weight, probe));
  const reached = new CountSums(executions);
  return {
    add(read, samples) {
      activity.add(read, samples);
      reached.add(read(probe.reached!), samples);
    },
    finish: () =>
      ({
        kind: 'conv',
        window,
        inputChannels,
        filters,
        groups,
        ...activity.finish(),
        reachedPixels: reached.byRow,
        reachedPixelsPerSample: reached.bySample,
      }) satisfies ConvActivity,
  };
}

/** Are there weights that are exactly zero? Then the inputs must be observed too. */
export const hasZeros = (weight: Float32Array): boolean => weight.includes(0);

type Shared = Omit<DenseActivity, 'kind' | 'inputs' | 'outputs'>;

function weightedTally(
  probe: DenseProbe | ConvProbe,
  weight: Float32Array,
  perCall: boolean,
  synapsesOfInputs: () => Float64Array,
): { add(read: ReadTensor, samples: number): void; finish(): Shared } {
  const { layer, bias, input, executions } = probe;
  const sums = new CountSums(executions);
  const zeroWeights = weight.reduce((zeros, value) => (value === 0 ? zeros + 1 : zeros), 0);
  const pairs = zeroWeights > 0;
  const calls = perCall && input === 'analog';
  const values =
    probe.x === undefined ? undefined : new InputValues(executions, pairs || calls ? synapsesOfInputs() : undefined);
  return {
    add(read, samples) {
      sums.add(read(probe.counts!), samples);
      if (probe.x !== undefined) values!.add(read(probe.x), samples);
    },
    finish: () => ({
      layer,
      bias,
      input,
      executions,
      nonzeroIn: sums.byRow,
      nonzeroInPerSample: sums.bySample,
      zeroWeights,
      ...(values && { inputValues: values.kind }),
      ...(values && input === 'analog' && { meanAbsInput: values.meanAbs }),
      ...(pairs && values && { nonzeroSynapses: values.nonzeroSynapses }),
      ...(calls && values && { ternaryCallSynapses: values.ternaryCallSynapses }),
    }),
  };
}

/** Which values an input took, and which synapses its nonzero values met. */
class InputValues {
  readonly nonzeroSynapses: number[];
  readonly ternaryCallSynapses: number[];
  private readonly executions: number;
  private readonly synapses: Float64Array | undefined;
  private values: 'binary' | 'ternary' | 'real' = 'binary';
  private absolute = 0;
  private seen = 0;

  /** `synapses`: of each input value, those whose weight is not 0 [inputs]. */
  constructor(executions: number, synapses: Float64Array | undefined) {
    this.executions = executions;
    this.synapses = synapses;
    this.nonzeroSynapses = new Array<number>(executions).fill(0);
    this.ternaryCallSynapses = new Array<number>(executions).fill(0);
  }

  get kind(): 'binary' | 'ternary' | 'real' {
    return this.values;
  }

  get meanAbs(): number {
    return this.seen === 0 ? 0 : this.absolute / this.seen;
  }

  /** `x`: [samples, executions, inputs] */
  add(x: ArrayLike<number>, samples: number): void {
    const inputs = x.length / samples / this.executions;
    this.seen += x.length;
    for (let execution = 0; execution < this.executions; execution++) {
      let [met, ternary] = [0, true];
      for (let sample = 0; sample < samples; sample++) {
        const row = (sample * this.executions + execution) * inputs;
        for (let i = 0; i < inputs; i++) {
          const value = x[row + i]!;
          if (value === 0) continue;
          this.absolute += Math.abs(value);
          if (value !== 1) {
            if (value !== -1) ternary = false;
            if (this.values !== 'real') this.values = value === -1 ? 'ternary' : 'real';
          }
          if (this.synapses !== undefined) met += this.synapses[i]!;
        }
      }
      this.nonzeroSynapses[execution]! += met;
      if (ternary) this.ternaryCallSynapses[execution]! += met;
    }
  }
}
