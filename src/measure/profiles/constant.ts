// One published figure, with everything needed to judge it.

import { type Joules, NumericError, picojoules, UnsupportedError } from '../../core/index.ts';

export type ConstantUnit =
  | 'pJ' // an operation, an event, an update
  | 'fJ'
  | 'pJ/64b' // an access of 64 bits
  | 'pJ/bit'
  | 'pJ/bit/hop'
  | 'mW'
  | 'uW'
  | 'uW/MHz'
  | 'ns'
  | 'uJ'
  | 'mJ'
  | 'ratio';

/**
 * How the figure came to be. estimate: printed in a paper as an estimate; derived: computed from other figures here;
 * synthesis: tools on a circuit that was not made; simulated: pre-silicon; measured: on a chip; quoted: taken from a tool's
 * source; unsupported: claimed, no source found; absent: no public figure exists.
 */
export type Grade =
  | 'estimate'
  | 'derived'
  | 'synthesis'
  | 'simulated'
  | 'measured'
  | 'quoted'
  | 'unsupported'
  | 'absent';

/** primary: read in the paper or its authors' code; secondary: in a transcription of it; unverified: neither. */
export type Verification = 'primary' | 'secondary' | 'unverified' | 'none';

export interface Source {
  readonly source: string;
  /** Of publication; null where unknown. */
  readonly year: number | null;
  /** DOI or address; empty where there is none. */
  readonly reference: string;
}

export interface Constant extends Source {
  readonly id: string;
  /** A range where the source prints one; null where no figure exists. */
  readonly value: number | readonly [number, number] | null;
  readonly unit: ConstantUnit;
  readonly quantity: 'arithmetic' | 'memory' | 'network' | 'device' | 'system';
  readonly node: string;
  readonly grade: Grade;
  readonly verified: Verification;
  readonly note: string;
}

/** Energy of one operation; only of a constant that is one. */
export function energyPerOperation(constant: Constant): Joules {
  const { id, value, unit } = constant;
  if (typeof value !== 'number') {
    throw new UnsupportedError(
      `constant "${id}": has no single value; choose a constant that has, or a value of its range`,
    );
  }
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new NumericError(`constant "${id}": value is ${value}, expected a finite number of at least 0`);
  }
  if (unit === 'pJ') return picojoules(value);
  if (unit === 'fJ') return picojoules(value * 1e-3);
  throw new UnsupportedError(`constant "${id}": is in ${unit}, expected energy of one operation (pJ or fJ)`);
}
