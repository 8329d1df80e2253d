// Activity of a dense layer: nonzero inputs, the values they take, and, where weights are zero, the synapses that count.

import type { Program } from '../engine/index.ts';
import type { Probe } from '../lower/index.ts';
import { CountSums, type Tally } from './tally.ts';

type DenseProbe = Extract<Probe, { kind: 'dense' }>;

/** `weight`: [inputs, outputs]. */
export function denseTally(probe: DenseProbe, weight: Float32Array): Tally {
  const { layer, inputs, outputs, bias, input, executions } = probe;
  const sums = new CountSums(executions);
  const synapses = nonzeroPerInput(weight, inputs, outputs);
  const zeroWeights = weight.length - synapses.reduce((sum, count) => sum + count, 0);
  const values = probe.x === undefined ? undefined : new InputValues();
  const nonzeroSynapses = new Array<number>(executions).fill(0);
  return {
    add(program: Program, samples: number): void {
      sums.add(program.tensor(probe.counts!), samples);
      if (probe.x === undefined) return;
      const x = program.tensor(probe.x);
      values!.add(x);
      if (zeroWeights > 0) addSynapses(nonzeroSynapses, x, synapses);
    },
    finish: () => ({
      kind: 'dense',
      layer,
      inputs,
      outputs,
      bias,
      input,
      executions,
      nonzeroIn: sums.byRow,
      nonzeroInPerSample: sums.bySample,
      zeroWeights,
      ...(values && { inputValues: values.kind }),
      ...(values && input === 'analog' && { meanAbsInput: values.meanAbs }),
      ...(zeroWeights > 0 && { nonzeroSynapses }),
    }),
  };
}

/** Are there weights that are exactly zero? Then the inputs must be observed too. */
export const hasZeros = (weight: Float32Array): boolean => weight.includes(0);

function nonzeroPerInput(weight: Float32Array, inputs: number, outputs: number): Float64Array {
  const found = new Float64Array(inputs);
  for (let i = 0; i < inputs; i++) for (let o = 0; o < outputs; o++) if (weight[i * outputs + o] !== 0) found[i]!++;
  return found;
}

function addSynapses(sums: number[], x: ArrayLike<number>, synapses: Float64Array): void {
  const inputs = synapses.length;
  for (let k = 0; k < x.length; k++)
    if (x[k] !== 0) sums[Math.floor(k / inputs) % sums.length]! += synapses[k % inputs]!;
}

/** Which values an input took. */
class InputValues {
  private values: 'binary' | 'ternary' | 'real' = 'binary';
  private absolute = 0;
  private seen = 0;

  get kind(): 'binary' | 'ternary' | 'real' {
    return this.values;
  }

  get meanAbs(): number {
    return this.seen === 0 ? 0 : this.absolute / this.seen;
  }

  add(x: ArrayLike<number>): void {
    this.seen += x.length;
    for (let k = 0; k < x.length; k++) {
      const value = x[k]!;
      this.absolute += Math.abs(value);
      if (value === 0 || value === 1 || this.values === 'real') continue;
      this.values = value === -1 ? 'ternary' : 'real';
    }
  }
}
