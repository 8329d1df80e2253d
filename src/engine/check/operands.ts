// What an operation says about its operands while a plan is checked: which tensors and parameters, of which shape, read or
// written. Every complaint names the operation, the operand, what it got and what it expected.

import { ShapeError } from '../../core/index.ts';
import type { Op, ParameterSpec, Plan, Rows, TensorSpec } from '../plan.ts';

/** What an operand must be; what is absent may be anything. */
export interface Expected {
  readonly rows?: Rows;
  readonly features?: number;
  /** Channels of a map; for a flat tensor its features. */
  readonly channels?: number;
  readonly values?: readonly TensorSpec['values'][];
  /** Readable when all chunks are done. */
  readonly keep?: 'gradients';
}

export interface Operands {
  /** A tensor read; it must have been written by an operation before. */
  reads(role: string, id: string, expected?: Expected): TensorSpec;
  readsIf(role: string, id: string | undefined, expected?: Expected): TensorSpec | undefined;
  writes(role: string, id: string, expected?: Expected): TensorSpec;
  writesIf(role: string, id: string | undefined, expected?: Expected): TensorSpec | undefined;
  /** A parameter; its shape must be [rows, columns] where given. */
  parameter(role: string, id: string, rows?: number, columns?: number): ParameterSpec;
  parameterIf(role: string, id: string | undefined, rows?: number, columns?: number): ParameterSpec | undefined;
  refuse(message: string): never;
}

/** A flat tensor is one pixel, and all its features are channels. */
export const channelsOf = ({ features, channels }: TensorSpec): number => channels ?? features;

/** What a tensor must be to have the shape and layout of another. */
export const shapeOf = (spec: TensorSpec): Required<Pick<Expected, 'rows' | 'features' | 'channels'>> => ({
  ...{ rows: spec.rows, features: spec.features, channels: channelsOf(spec) },
});

/** `dense "fc1"`, `adam "fc1/weight"`: how messages name an operation. */
export function nameOf(op: Op): string {
  if ('layer' in op) return `${op.kernel} "${op.layer}"`;
  if ('parameter' in op) return `${op.kernel} "${op.parameter}"`;
  return 'raw' in op ? `${op.kernel} "${op.raw}"` : op.kernel;
}

/** Operands of the operations of `plan`, one after another in the order they run. */
export function operandsOf(plan: Plan): (op: Op) => Operands {
  const tensors = indexById('tensor', plan.tensors);
  const parameters = indexById('parameter', plan.parameters);
  const written = new Set<string>();
  return (op) => {
    const where = nameOf(op);
    const refuse = (message: string): never => {
      throw new ShapeError(`${where}: ${message}`);
    };
    const tensor = (role: string, id: string, expected: Expected): TensorSpec => {
      const found = tensors.get(id) ?? refuse(`${role} is the tensor "${id}", which the plan does not declare`);
      const { rows, features, channels, values, keep } = expected;
      if (rows !== undefined && found.rows !== rows)
        refuse(`${role} "${id}" has one row a ${found.rows}, expected one row a ${rows}`);
      if (features !== undefined && found.features !== features)
        refuse(`${role} "${id}" has ${found.features} features, expected ${features}`);
      if (channels !== undefined && channelsOf(found) !== channels)
        refuse(
          channels === found.features
            ? `${role} "${id}" is a map of ${found.channels} channels, expected a flat tensor; reshape it first`
            : `${role} "${id}" has ${channelsOf(found)} channels, expected ${channels}`,
        );
      if (values !== undefined && !values.includes(found.values))
        refuse(`${role} "${id}" holds ${found.values}, expected ${values.join(' or ')}`);
      if (keep === 'gradients' && found.keep === 'chunk')
        refuse(
          `${role} "${id}" is gone after its chunk, and gradients are taken of the whole batch; keep it for the gradients`,
        );
      return found;
    };
    const reads = (role: string, id: string, expected: Expected = {}): TensorSpec => {
      const found = tensor(role, id, expected);
      if (!written.has(id)) refuse(`${role} "${id}" is read before any operation has written it; reorder the plan`);
      return found;
    };
    const writes = (role: string, id: string, expected: Expected = {}): TensorSpec => {
      const found = tensor(role, id, expected);
      written.add(id);
      return found;
    };
    const parameter = (role: string, id: string, rows?: number, columns?: number): ParameterSpec => {
      const found = parameters.get(id) ?? refuse(`${role} is the parameter "${id}", which the plan does not declare`);
      if ((rows ?? found.rows) !== found.rows || (columns ?? found.columns) !== found.columns)
        refuse(
          `${role} "${id}" is [${found.rows}, ${found.columns}], expected [${rows ?? 'any'}, ${columns ?? 'any'}]`,
        );
      return found;
    };
    return {
      reads,
      writes,
      parameter,
      refuse,
      readsIf: (role, id, expected) => (id === undefined ? undefined : reads(role, id, expected)),
      writesIf: (role, id, expected) => (id === undefined ? undefined : writes(role, id, expected)),
      parameterIf: (role, id, rows, columns) => (id === undefined ? undefined : parameter(role, id, rows, columns)),
    };
  };
}

function indexById<T extends { readonly id: string }>(what: string, specs: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const spec of specs) {
    if (found.has(spec.id)) throw new ShapeError(`plan: two ${what}s are called "${spec.id}"; ids must differ`);
    found.set(spec.id, spec);
  }
  return found;
}
