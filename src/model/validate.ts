// What a network must satisfy beyond having the right fields: names that can be told apart, numbers in range, shapes that fit.

import { ConfigError, showValue } from '../core/index.ts';
import { checkNeuron } from './neurons/index.ts';
import { inferShapes } from './shapes.ts';
import type { LayerSpec, NetworkSpec } from './spec.ts';

/** Weights and gradients are keyed `layer/role@state`, so a name may hold neither sign. */
const NAME = /^[A-Za-z0-9_.-]+$/;

/** The largest layer that one 32-bit address space could hold as float32. */
const MOST_VALUES = 2 ** 28;

function checkCount(key: string, value: number): void {
  if (Number.isInteger(value) && value > 0 && value <= MOST_VALUES) return;
  throw new ConfigError(key, `got ${showValue(value)}, expected a whole number from 1 to ${MOST_VALUES}`);
}

function checkLayer(layer: LayerSpec, key: string): void {
  if (!NAME.test(layer.name)) {
    throw new ConfigError(`${key}.name`, `got ${showValue(layer.name)}, expected letters, digits, "_", "-" or "."`);
  }
  if (layer.kind === 'dense') checkCount(`${key}.units`, layer.units);
  if (layer.kind === 'dropout' && !(layer.rate >= 0 && layer.rate < 1)) {
    throw new ConfigError(`${key}.rate`, `got ${showValue(layer.rate)}, expected a share from 0 to less than 1`);
  }
  if (layer.kind === 'slot') checkNeuron(layer.neuron, `${key}.neuron`);
}

/** Throws ConfigError or ShapeError unless the network can be run; `where` names it in the message. */
export function validateNetwork(spec: NetworkSpec, where = `network "${spec.name}"`): void {
  const key = (path: string): string => `${where}: ${path}`;
  if (spec.name.trim() === '') throw new ConfigError(key('name'), 'got an empty name, expected some text');
  if (spec.input.length === 0)
    throw new ConfigError(key('input'), 'got [], expected a shape such as [784] or [28, 28, 1]');
  spec.input.forEach((length, i) => {
    checkCount(key(`input[${i}]`), length);
  });
  if (spec.layers.length === 0) throw new ConfigError(key('layers'), 'got none, expected at least one layer');
  const seen = new Map<string, number>();
  spec.layers.forEach((layer, i) => {
    checkLayer(layer, key(`layers[${i}]`));
    const first = seen.get(layer.name);
    if (first !== undefined) {
      throw new ConfigError(
        key(`layers[${i}].name`),
        `got "${layer.name}", which layers[${first}] has already; names must differ`,
      );
    }
    seen.set(layer.name, i);
  });
  inferShapes(spec);
}
