// Where a NaN or an Infinity came from: the first layer, in the order of the forward pass, that holds one.

import { NumericError } from '../core/index.ts';
import type { ForwardOp } from '../engine/index.ts';
import type { Runner } from './session.ts';

const REMEDY = 'lower optimizer.learningRate, set clipNorm, or lengthen schedule.warmup';

/** When it happened. */
export interface Moment {
  readonly epoch: number;
  /** Updates made before. */
  readonly step: number;
}

const at = ({ epoch, step }: Moment): string => `training stopped in epoch ${epoch} after ${step} updates`;

/** Index of the first value that is not finite, or -1. */
function firstNonFinite(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

/** The error for a loss of the batch last run that is not finite; names the first layer with such a value, if it can be seen. */
export function lossError(runner: Runner, loss: number, moment: Moment): NumericError {
  const found = firstFault(runner);
  const { layer } = runner.lowered.outputs;
  const where = found ?? `every parameter is finite, so it arose on the way to the output layer "${layer}"`;
  return new NumericError(`${at(moment)}: the loss is ${loss}; ${where}; ${REMEDY}`);
}

/** An engine's own NumericError with the moment and what to do. */
export function momentError(error: NumericError, moment: Moment): NumericError {
  return new NumericError(`${at(moment)}: ${error.message}; ${REMEDY}`, { cause: error });
}

/** Throws NumericError if a parameter is not finite: a spiking network can be silent, with a finite loss, on NaN weights. */
export function checkParameters({ lowered, program }: Runner, moment: Moment): void {
  for (const { id, layer, role } of lowered.weights) {
    const values = program.read(id);
    const index = firstNonFinite(values);
    if (index >= 0) {
      const message = `layer "${layer}": ${role} ${index} of ${values.length} is ${values[index]}`;
      throw new NumericError(`${at(moment)}: ${message}; ${REMEDY}`);
    }
  }
}

/** In forward order: a layer's parameters, then what it gives, where that is kept for the host. */
function firstFault({ lowered, program }: Runner): string | undefined {
  const kept = new Set(lowered.plan.tensors.filter(({ keep }) => keep !== 'chunk').map(({ id }) => id));
  for (const op of lowered.plan.forward) {
    for (const id of lowered.weights.filter(({ layer }) => layer === op.layer).map((parameter) => parameter.id)) {
      const index = firstNonFinite(program.read(id));
      if (index >= 0)
        return `the first fault is in layer "${op.layer}": "${id}" ${index} is ${program.read(id)[index]}`;
    }
    for (const id of outputsOf(op).filter((tensor) => kept.has(tensor))) {
      const values = program.tensor(id);
      const index = firstNonFinite(values);
      if (index >= 0) return `the first fault is in layer "${op.layer}": ${op.kernel} gave ${values[index]}`;
    }
  }
  return undefined;
}

function outputsOf(op: ForwardOp): string[] {
  if (op.kernel === 'load') return [op.x];
  if ('y' in op) return [op.y];
  if (op.kernel !== 'neuron') return [];
  return [op.synapse, op.charge, op.membrane].filter((id) => id !== undefined);
}
