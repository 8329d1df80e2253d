// Weights into a program and out of it.

import { ShapeError } from '../core/index.ts';
import type { Program } from '../engine/index.ts';
import type { Weights } from '../model/index.ts';
import type { Derived, Lowered } from './options.ts';

/**
 * Writes the network's parameters, the constants of its neurons, and the vectors that follow from learned ones.
 * Throws ShapeError if a parameter is missing or has another size.
 */
export function writeWeights(program: Program, lowered: Lowered, weights: Weights): void {
  for (const { id, rows, columns } of lowered.weights) {
    const values = weights.get(id);
    if (values?.length !== rows * columns)
      throw new ShapeError(
        `weights: "${id}" ${values === undefined ? 'is missing' : `has ${values.length} values`}, expected ${rows * columns} ([${rows}, ${columns}]); they belong to another network`,
      );
    program.write(id, values);
  }
  for (const [id, values] of lowered.constants) program.write(id, values);
  for (const rule of lowered.derived) derive(program, lowered, rule, weights.get(rule.raw)!);
}

/** The network's parameters as they are now, in float32. */
export function readWeights(program: Program, lowered: Lowered): Map<string, Float32Array> {
  return new Map(lowered.weights.map(({ id }) => [id, Float32Array.from(program.read(id))]));
}

function derive(program: Program, lowered: Lowered, rule: Derived, raw: Float32Array): void {
  const size = (id: string): number => lowered.plan.parameters.find((parameter) => parameter.id === id)!.columns;
  const fill = (id: string, value: (raw: number) => number): void =>
    program.write(
      id,
      Float64Array.from({ length: size(id) }, (_, n) => value(raw[raw.length === 1 ? 0 : n]!)),
    );
  if (rule.kernel === 'spread') {
    fill(rule.vector, (value) => value);
    return;
  }
  const rate = (w: number): number => 1 / (1 + Math.exp(-w));
  fill(rule.a, (value) => (rule.form === 'beta' ? Math.min(1, Math.max(0, value)) : 1 - rate(value)));
  fill(rule.b, (value) => (rule.form === 'tau' && rule.inputDecay ? rate(value) : 1));
  fill(rule.c, (value) => (rule.form === 'tau' ? rule.rest * rate(value) : 0));
}
