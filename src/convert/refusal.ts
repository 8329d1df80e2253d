// A layer that cannot be converted: which, why, and what to use instead.

import { UnsupportedError } from '../core/index.ts';

/** Thrown by passes; `examine` makes a finding of it. */
export class ConversionRefusal extends UnsupportedError {
  override name = 'ConversionRefusal';
  readonly layer: string;
  readonly problem: string;
  readonly remedy: string;
  /** `what` names the layer in the message: `slot "relu1"`. */
  constructor(what: string, layer: string, problem: string, remedy: string) {
    super(`${what}: ${problem}; ${remedy}`);
    this.layer = layer;
    this.problem = problem;
    this.remedy = remedy;
  }
}
