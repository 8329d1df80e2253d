// The time of one operation: a plan that ends in it several times against the same plan without it, run in turns on the same
// inputs, so that loading, encoding and the call itself cancel.

import type { Backend, Batch, Plan, Program, TensorSpec } from '../src/engine/index.ts';
import { time } from './statistics.ts';

/** Copies of the operation; each has its own outputs, called by the number given. */
export interface RepeatedOp {
  readonly timesteps: number;
  readonly samples: number;
  readonly input: Batch['input'];
  /** What comes before, and is not counted. */
  readonly base: Pick<Plan, 'tensors' | 'parameters' | 'forward' | 'backward'>;
  readonly copy: (k: number) => Partial<Pick<Plan, 'tensors' | 'parameters' | 'forward' | 'backward' | 'gradients'>>;
  readonly parameters?: ReadonlyMap<string, ArrayLike<number>>;
  /** How often the longer plan has the operation; default 4. More for one that takes microseconds. */
  readonly copies?: number;
}

const COPIES = 4;

export const tensor = (
  id: string,
  rows: TensorSpec['rows'],
  features: number,
  values: TensorSpec['values'] = 'analog',
  keep: TensorSpec['keep'] = 'chunk',
): TensorSpec => ({ id, rows, features, values, keep });

export const parameter = (id: string, rows: number, columns: number) => ({ id, rows, columns, layer: id, role: id });

function planWith({ timesteps, base, copy }: RepeatedOp, copies: number): Plan {
  const added = Array.from({ length: copies }, (_, k) => copy(k));
  return {
    timesteps,
    tensors: [...base.tensors, ...added.flatMap((part) => part.tensors ?? [])],
    parameters: [...base.parameters, ...added.flatMap((part) => part.parameters ?? [])],
    forward: [...base.forward, ...added.flatMap((part) => part.forward ?? [])],
    backward: [...base.backward, ...added.flatMap((part) => part.backward ?? [])],
    gradients: added.flatMap((part) => part.gradients ?? []),
    update: [],
  };
}

function prepared(backend: Backend, op: RepeatedOp, copies: number): Program {
  const plan = planWith(op, copies);
  const program = backend.compile(plan, { samples: op.samples });
  for (const { id } of plan.parameters) {
    const values = op.parameters?.get(id.replace(/\d+$/, ''));
    if (values !== undefined) program.write(id, values);
  }
  return program;
}

/** Seconds of one operation on one batch: the least and the median over `rounds` pairs of runs. */
export function timeOp(
  backend: Backend,
  op: RepeatedOp,
  rounds: number,
): { readonly min: number; readonly median: number } {
  const { samples, input, copies = COPIES } = op;
  const programs = [prepared(backend, op, 0), prepared(backend, op, copies)] as const;
  const labels = new Uint8Array(samples);
  const spent = programs.map((): number[] => []);
  for (let round = -2; round < rounds; round++)
    programs.forEach((program, side) => {
      const took = time(() => program.run({ samples, input, labels, seed: 1, epoch: round + 2 }));
      if (round >= 0) spent[side]!.push(took);
    });
  for (const program of programs) program.close();
  const [without, withOp] = spent.map((times) => times.toSorted((a, b) => a - b)) as [number[], number[]];
  const middle = rounds >> 1;
  const seconds = (milliseconds: number): number => Math.max(0, milliseconds) / 1000 / copies;
  return { min: seconds(withOp[0]! - without[0]!), median: seconds(withOp[middle]! - without[middle]!) };
}
