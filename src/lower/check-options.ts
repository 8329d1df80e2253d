// What lowering refuses before it begins.

import { ConfigError } from '../core/index.ts';
import type { NetworkSpec } from '../model/index.ts';
import type { LowerOptions } from './options.ts';

/** Throws ConfigError naming the first option that cannot be. */
export function checkOptions(spec: NetworkSpec, options: LowerOptions): void {
  const { mode, timesteps, purpose } = options;
  if (mode !== 'ann' && mode !== 'snn') throw new ConfigError('mode', `got "${mode}", expected ann or snn`);
  if (!Number.isInteger(timesteps) || timesteps < 1)
    throw new ConfigError('timesteps', `got ${timesteps}, expected a whole number of at least 1`);
  if (mode === 'ann' && timesteps !== 1)
    throw new ConfigError('timesteps', `got ${timesteps} for an ANN, expected 1: an ANN has no time`);
  if (purpose === 'train' && options.loss === undefined)
    throw new ConfigError('loss', 'got none, expected a loss: training needs one');
  if (purpose === 'attack' && options.loss === undefined)
    throw new ConfigError('loss', 'got none, expected a loss: an attack ascends one');
  if (purpose === 'train' && options.optimizer === undefined)
    throw new ConfigError('optimizer', 'got none, expected sgd, adam or adamw: training needs one');
  checkObserve(spec, options);
}

function checkObserve(spec: NetworkSpec, { purpose, observe = {} }: LowerOptions): void {
  if (observe.inputGradient && purpose === 'infer')
    throw new ConfigError('observe.inputGradient', 'got true with purpose infer, expected purpose train or attack');
  const layers = spec.layers.map(({ name }) => name);
  const slots = spec.layers.filter(({ kind }) => kind === 'slot').map(({ name }) => name);
  const known: readonly (readonly [string, readonly string[] | string | undefined, readonly string[]])[] = [
    ['observe.spikes', observe.spikes, slots],
    ['observe.membranes', observe.membranes, slots],
    ['observe.activations', observe.activations, layers],
  ];
  for (const [key, names, allowed] of known) {
    if (names === undefined || typeof names === 'string') continue;
    const unknown = names.find((name) => !allowed.includes(name));
    if (unknown !== undefined)
      throw new ConfigError(key, `got "${unknown}", expected one of ${allowed.join(', ') || '(the network has none)'}`);
  }
}
