// Faults of the memory that holds the weights: matrices and kernels, recurrent ones too, each with its own scale. Biases, norms and
// neuron parameters, a small share held in registers, stay. A norm that is not folded is not part of the matrix before it: fold
// norms first to disturb what would be deployed.
//   weight-noise  w + level max|w| z, z standard normal: a Gaussian error of a size that does not depend on the weight, in units of
//                 the largest one, as measured on phase-change memory. Joshi et al. 2020, Nature Communications 11:2473,
//                 doi 10.1038/s41467-020-16108-9.

import { listParameters, type ParameterRole, type Weights } from '../../model/index.ts';
import type { Subject } from '../subject.ts';
import { DRAWS, faultNormals } from './draws.ts';
import type { Fault, FaultDraw, NotApplicable } from './fault-kind.ts';

const ROLES: ReadonlySet<ParameterRole> = new Set(['weight', 'recurrent', 'recurrentScale']);

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** `change` gets a matrix and its index among the parameters. */
function openWeights(
  subject: Subject,
  change: (values: Float32Array, level: number, place: number, draw: FaultDraw) => Float32Array,
): Fault | NotApplicable {
  const matrices = listParameters(subject.spec)
    .map(({ key, role, mode }, place) => ({ key, role, mode, place }))
    .filter(({ role, mode }) => ROLES.has(role) && (mode === 'both' || mode === subject.mode));
  if (matrices.length === 0) return { notApplicable: 'it has no weights' };
  const at = (level: number, draw: FaultDraw): Weights => {
    const weights = new Map(subject.weights);
    for (const { key, place } of matrices) weights.set(key, change(weights.get(key)!, level, place, draw));
    return weights;
  };
  return { subject, at };
}

export const weightNoise = (subject: Subject): Fault | NotApplicable =>
  openWeights(subject, (values, level, place, draw) => {
    const noise = faultNormals(DRAWS.weightNoise, values.length, place, draw);
    const deviation = level * largest(values);
    return values.map((value, i) => value + deviation * noise[i]!);
  });

/** The nearest of the 2^bits - 1 values k max|w| / (2^(bits - 1) - 1), k whole: symmetric about a zero that is exact. */
export const weightBits = (subject: Subject): Fault | NotApplicable =>
  openWeights(subject, (values, bits) => {
    const step = largest(values) / (2 ** (bits - 1) - 1);
    return step === 0 ? values : values.map((value) => Math.round(value / step) * step);
  });
