// A checkpoint: all that a run needs to go on to the same bits as one that was never stopped. The run's identity (network,
// data, options, backend) is in it too, so that another run cannot go on from it by mistake.

import { z } from 'zod';
import { ConfigError, DataError, showValue } from '../core/index.ts';
import type { Weights } from '../model/index.ts';
import { decodeContainer, encodeContainer, type NumberArray } from './container.ts';
import { type TrainingState, trainingStateSchema } from './state.ts';

/** What decides a run's numbers, as JSON. */
export type RunIdentity = Readonly<Record<string, unknown>>;

export interface Checkpoint {
  readonly identity: RunIdentity;
  readonly state: TrainingState;
  /** Parameters and optimiser state by their plan ids, in the backend's own precision. */
  readonly parameters: ReadonlyMap<string, NumberArray>;
  /** Weights of the kept epoch; empty before the first. */
  readonly best: Weights;
}

const headerSchema = z.strictObject({ identity: z.record(z.string(), z.unknown()), state: trainingStateSchema });

const NOW = 'now:';
const BEST = 'best:';

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const arrays = new Map<string, NumberArray>();
  for (const [id, values] of checkpoint.parameters) arrays.set(NOW + id, values);
  for (const [key, values] of checkpoint.best) arrays.set(BEST + key, values);
  return encodeContainer({ header: { identity: checkpoint.identity, state: checkpoint.state }, arrays });
}

/** Throws DataError, naming `path`, for anything that is not a whole checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  const { header, arrays } = decodeContainer(bytes, path);
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) {
    const { path: key, message } = parsed.error.issues[0]!;
    throw new DataError(path, `its ${key.join('.') || 'header'} is wrong (${message}); delete it to start afresh`);
  }
  const parameters = new Map<string, NumberArray>();
  const best = new Map<string, Float32Array>();
  for (const [name, values] of arrays) {
    if (name.startsWith(NOW)) parameters.set(name.slice(NOW.length), values);
    else if (name.startsWith(BEST) && values instanceof Float32Array) best.set(name.slice(BEST.length), values);
    else throw new DataError(path, `unknown array "${name}"; delete it to start afresh`);
  }
  return { ...parsed.data, parameters, best };
}

/** Throws ConfigError, naming the first difference, unless the checkpoint is of the run that wants to go on from it. */
export function checkIdentity(found: RunIdentity, wanted: RunIdentity, path: string): void {
  const difference = firstDifference(found, JSON.parse(JSON.stringify(wanted)), '');
  if (difference === undefined) return;
  const { key, there, here } = difference;
  throw new ConfigError(
    key,
    `${showValue(there)} in ${path}, but ${showValue(here)} now; resume with the settings it was made with, or train in another folder`,
  );
}

interface Difference {
  readonly key: string;
  readonly there: unknown;
  readonly here: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function firstDifference(there: unknown, here: unknown, key: string): Difference | undefined {
  if (!isObject(there) || !isObject(here)) return Object.is(there, here) ? undefined : { key, there, here };
  for (const name of new Set([...Object.keys(there), ...Object.keys(here)])) {
    const found = firstDifference(there[name], here[name], key === '' ? name : `${key}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
