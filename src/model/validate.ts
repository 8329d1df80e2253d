// What a network must satisfy beyond having the right fields: names that can be told apart, numbers in range, a graph in which
// everything is read, shapes that fit.

import { ConfigError, showValue } from '../core/index.ts';
import { checkCount, checkLayer } from './check-layer.ts';
import { sourcesOf, spikingLayers } from './graph.ts';
import { inferShapes } from './shapes.ts';
import { INPUT_NAME, type LayerSpec, type NetworkSpec } from './spec.ts';

/** Weights and gradients are keyed `layer/role@state`, so a name may hold neither sign. */
const NAME = /^[A-Za-z0-9_.-]+$/;

type Key = (path: string) => string;

function checkNames(layers: readonly LayerSpec[], key: Key): void {
  const seen = new Map<string, number>();
  layers.forEach(({ name }, i) => {
    const path = key(`layers[${i}].name`);
    if (!NAME.test(name)) {
      throw new ConfigError(path, `got ${showValue(name)}, expected letters, digits, "_", "-" or "."`);
    }
    if (name === INPUT_NAME) {
      throw new ConfigError(path, `got "${name}", which means the network's input; choose another name`);
    }
    const first = seen.get(name);
    if (first !== undefined) {
      throw new ConfigError(path, `got "${name}", which layers[${first}] has already; names must differ`);
    }
    seen.set(name, i);
  });
}

function checkGraph(spec: NetworkSpec, key: Key): void {
  const sources = sourcesOf(spec, key);
  const read = new Set(sources.flat());
  const spiking = spikingLayers(spec);
  spec.layers.forEach((layer, i) => {
    const path = key(`layers[${i}]`);
    const last = i === spec.layers.length - 1;
    if (!last && !read.has(layer.name)) {
      throw new ConfigError(
        path,
        `nothing reads "${layer.name}", and it is not the last layer; name it in a \`from\`, or remove it`,
      );
    }
    if (layer.kind === 'softmax' && !last) {
      throw new ConfigError(path, `softmax "${layer.name}" is not the last layer; move it to the end`);
    }
    if (layer.kind === 'pool' && layer.mode === 'winner' && !spiking.has(sources[i]![0]!)) {
      throw new ConfigError(
        `${path}.mode`,
        `got "winner", which passes on the spikes of neurons, but "${sources[i]![0]}" gives no spikes; ` +
          'put it right after a slot that fires, or use "max"',
      );
    }
  });
}

/** Throws ConfigError or ShapeError unless the network can be run; `where` names it in the message. */
export function validateNetwork(spec: NetworkSpec, where = `network "${spec.name}"`): void {
  const key: Key = (path) => `${where}: ${path}`;
  if (spec.name.trim() === '') throw new ConfigError(key('name'), 'got an empty name, expected some text');
  if (spec.input.length === 0)
    throw new ConfigError(key('input'), 'got [], expected a shape such as [784] or [28, 28, 1]');
  spec.input.forEach((length, i) => {
    checkCount(key(`input[${i}]`), length);
  });
  if (spec.layers.length === 0) throw new ConfigError(key('layers'), 'got none, expected at least one layer');
  checkNames(spec.layers, key);
  spec.layers.forEach((layer, i) => {
    checkLayer(layer, key(`layers[${i}]`));
  });
  checkGraph(spec, key);
  inferShapes(spec);
}
