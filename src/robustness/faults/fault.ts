// Disturbances of the network itself: its memory, its neurons. Random numbers are a function of (seed, kind, draw, place in the
// network) and the same at each level, only scaled, as for images.

import { ConfigError } from '../../core/index.ts';
import { checkWeights } from '../../model/index.ts';
import type { FaultKind } from '../settings.ts';
import type { Subject } from '../subject.ts';
import { deadNeurons } from './dead-neurons.ts';
import { type Fault, type FaultDraw, isApplicable, type NotApplicable } from './fault-kind.ts';
import { thresholdMismatch } from './threshold-mismatch.ts';
import { weightBits, weightNoise } from './weights.ts';

/** What there is to know of a kind before it is used. */
export interface FaultInfo {
  readonly kind: FaultKind;
  /** What the level is, with its unit. */
  readonly unit: string;
  /** Default levels, from the mildest on. */
  readonly levels: readonly number[];
  /** The level of a sound network; null where no level is. */
  readonly none: number | null;
  /** Does it depend on the draw? One draw says all where it does not. */
  readonly random: boolean;
}

/**
 * The kinds, with what their level is:
 *   weight-noise        standard deviation of the error of each weight, in units of its layer's largest
 *   weight-bits         bits of a weight, evenly from minus its layer's largest to plus that
 *   dead-neurons        share of the neurons (on a map: channels) of each hidden slot that never fire
 *   threshold-mismatch  standard deviation of each neuron's (on a map: channel's) threshold, in units of the threshold; SNN only
 */
export const FAULTS: Readonly<Record<FaultKind, FaultInfo>> = Object.freeze({
  'weight-noise': {
    kind: 'weight-noise',
    unit: 'standard deviation (largest weight)',
    levels: [0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3],
    none: 0,
    random: true,
  },
  'weight-bits': {
    kind: 'weight-bits',
    unit: 'bits a weight',
    levels: [8, 6, 5, 4, 3, 2],
    none: null,
    random: false,
  },
  'dead-neurons': {
    kind: 'dead-neurons',
    unit: 'share of hidden neurons',
    levels: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
    none: 0,
    random: true,
  },
  'threshold-mismatch': {
    kind: 'threshold-mismatch',
    unit: 'standard deviation (threshold)',
    levels: [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
    none: 0,
    random: true,
  },
});

const OPEN: Readonly<Record<FaultKind, (subject: Subject) => Fault | NotApplicable>> = {
  'weight-noise': weightNoise,
  'weight-bits': weightBits,
  'dead-neurons': deadNeurons,
  'threshold-mismatch': thresholdMismatch,
};

function checkLevel(kind: FaultKind, level: number): void {
  const fail = (allowed: string): never => {
    throw new ConfigError(`${kind} level`, `got ${level}, expected ${allowed}`);
  };
  if (kind === 'weight-bits') {
    if (!(Number.isInteger(level) && level >= 2 && level <= 16)) fail('a whole number of bits from 2 to 16');
  } else if (kind === 'dead-neurons') {
    if (!(level >= 0 && level <= 1)) fail('a share from 0 to 1');
  } else if (!(level >= 0 && Number.isFinite(level))) fail('a number from 0 on');
}

/**
 * Prepares a network for one kind of fault: compile `subject` once, then load the weights of each level and draw. Throws ShapeError
 * for weights of another network; `at` throws ConfigError for a level that the kind does not have.
 */
export function openFault(kind: FaultKind, given: Subject): Fault | NotApplicable {
  checkWeights(given.spec, given.weights, given.mode);
  const fault = OPEN[kind](given);
  if (!isApplicable(fault)) return fault;
  const { subject, at } = fault;
  return {
    subject,
    at(level, draw) {
      checkLevel(kind, level);
      return level === 0 ? subject.weights : at(level, draw);
    },
  };
}

/** The network with a fault of one level. Throws as `openFault`, with which several levels share one spec. */
export function applyFault(kind: FaultKind, level: number, subject: Subject, draw: FaultDraw): Subject | NotApplicable {
  checkLevel(kind, level);
  const fault = openFault(kind, subject);
  return isApplicable(fault) ? { ...fault.subject, weights: fault.at(level, draw) } : fault;
}
