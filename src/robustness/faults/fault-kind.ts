// What a kind of fault has to give.

import type { Weights } from '../../model/index.ts';
import type { Subject } from '../subject.ts';

export interface FaultDraw {
  readonly seed: number;
  /** Independent repetitions count from 0. */
  readonly draw: number;
}

/** A network that a kind of fault says nothing about, and why. */
export interface NotApplicable {
  readonly notApplicable: string;
}

/** A network prepared for one kind of fault. */
export interface Fault {
  /**
   * Sound, and the same function as the network given, bit by bit; what its spec adds is what `at` changes. All levels and draws
   * share this spec, so one compiled program runs them all.
   */
  readonly subject: Subject;
  /** Its weights at a level above 0; the maps are fresh, arrays that do not change are shared. */
  readonly at: (level: number, draw: FaultDraw) => Weights;
}

/** Is it one? */
export const isApplicable = (fault: Fault | NotApplicable): fault is Fault => !('notApplicable' in fault);
