// Networks from and to JSON. `parseNetwork(networkToJson(spec))` is `spec`.

import { ConfigError, configIssue, type SchemaIssue, valueAt } from '../core/index.ts';
import { canonical } from './canonical.ts';
import { LAYER_KEYS, networkSchema } from './schema.ts';
import type { NetworkSpec } from './spec.ts';
import { validateNetwork } from './validate.ts';

/** Keys a reader may have meant, by the object they belong to: found from the object's own discriminating fields. */
function allowedKeys(data: unknown, path: readonly PropertyKey[]): readonly string[] | undefined {
  const object = valueAt(data, path);
  const field = path.at(-1);
  if (path.length === 0) return Object.keys(networkSchema.shape);
  if (field === 'neuron')
    return [
      'kind',
      'threshold',
      'tie',
      'decay',
      'synapse',
      'recurrent',
      'reset',
      'surrogate',
      'learn',
      'initialMembrane',
    ];
  if (field === 'reset') return ['kind', 'value', 'moment', 'dropsInput', 'gradient'];
  if (field === 'ann')
    return valueAt(object, ['kind']) === 'quantized' ? ['kind', 'levels', 'ceiling'] : ['kind', 'slope'];
  if (path.length !== 2 || path[0] !== 'layers') return undefined;
  return LAYER_KEYS.get(valueAt(object, ['kind'])) ?? ['kind', 'name'];
}

function parseText(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(where, `not valid JSON (${(cause as Error).message}); a network file holds one JSON object`);
  }
}

/**
 * A network from outside: JSON text, or what JSON.parse gave. The result is checked and deeply frozen. Throws ConfigError with
 * the key's path, its value and what is allowed, or ShapeError; `where` names the source in the message.
 */
export function parseNetwork(json: unknown, where = 'network'): NetworkSpec {
  const data = typeof json === 'string' ? parseText(json, where) : json;
  const result = networkSchema.safeParse(data);
  if (!result.success) {
    throw configIssue(result.error.issues as unknown as SchemaIssue[], data, where, (path) => allowedKeys(data, path));
  }
  const spec: NetworkSpec = canonical(result.data);
  validateNetwork(spec, where);
  return spec;
}

/** A network as JSON text. */
export function networkToJson(spec: NetworkSpec): string {
  return JSON.stringify(spec, null, 2);
}
