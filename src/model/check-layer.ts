// The numbers of each layer, wherever it stands: counts, windows, shares.

import { ConfigError, showValue } from '../core/index.ts';
import { checkNeuron } from './neurons/index.ts';
import type { ActivationSpec, BatchNormSpec, ConvSpec, LayerSpec, Pair, PoolSpec } from './spec.ts';

/** The largest layer that one 32-bit address space could hold as float32. */
const MOST_VALUES = 2 ** 28;

/** Throws ConfigError unless `value` can be a number of things a layer has. */
export function checkCount(key: string, value: number): void {
  if (Number.isInteger(value) && value > 0 && value <= MOST_VALUES) return;
  throw new ConfigError(key, `got ${showValue(value)}, expected a whole number from 1 to ${MOST_VALUES}`);
}

/** The longest side of a window, in pixels; far above any map, so that sums of lengths stay exact. */
const LONGEST = 2 ** 20;

function checkPair(key: string, pair: Pair, least: 0 | 1): void {
  pair.forEach((value, axis) => {
    if (Number.isInteger(value) && value >= least && value <= LONGEST) return;
    throw new ConfigError(
      `${key}[${axis}]`,
      `got ${showValue(value)}, expected a whole number from ${least} to ${LONGEST}`,
    );
  });
}

function checkConv(layer: ConvSpec, key: string): void {
  checkCount(`${key}.filters`, layer.filters);
  checkPair(`${key}.kernel`, layer.kernel, 1);
  checkPair(`${key}.stride`, layer.stride, 1);
  checkPair(`${key}.padding`, layer.padding, 0);
  checkPair(`${key}.dilation`, layer.dilation, 1);
  checkCount(`${key}.groups`, layer.groups);
}

function checkPool(layer: PoolSpec, key: string): void {
  const { size, stride, padding } = layer;
  if (size === undefined) {
    const extra = stride === undefined ? (padding === undefined ? undefined : 'padding') : 'stride';
    if (extra === undefined) return;
    throw new ConfigError(
      `${key}.${extra}`,
      `got ${showValue(layer[extra as 'stride' | 'padding'])}, expected none: a pool without \`size\` covers the whole map; add \`size\``,
    );
  }
  checkPair(`${key}.size`, size, 1);
  if (stride !== undefined) checkPair(`${key}.stride`, stride, 1);
  if (padding === undefined) return;
  checkPair(`${key}.padding`, padding, 0);
  padding.forEach((value, axis) => {
    if (value < size[axis]!) return;
    throw new ConfigError(
      `${key}.padding[${axis}]`,
      `got ${value}, expected less than the window's ${size[axis]}: a window must not lie in the padding alone`,
    );
  });
}

function checkNumber(key: string, value: number, passes: boolean, allowed: string): void {
  if (!passes || !Number.isFinite(value)) throw new ConfigError(key, `got ${showValue(value)}, expected ${allowed}`);
}

function checkBatchNorm(layer: BatchNormSpec, key: string): void {
  const { epsilon, momentum, threshold } = layer;
  checkNumber(`${key}.epsilon`, epsilon, epsilon > 0, 'a positive number such as 1e-5');
  checkNumber(`${key}.momentum`, momentum, momentum > 0 && momentum <= 1, 'a share above 0, at most 1, such as 0.1');
  checkNumber(
    `${key}.threshold`,
    threshold,
    threshold > 0,
    "a positive number: 1, or alpha times the neurons' threshold",
  );
}

function checkActivation(ann: ActivationSpec, key: string): void {
  if (typeof ann === 'string') return;
  if (ann.kind === 'leaky-relu') {
    checkNumber(`${key}.slope`, ann.slope, true, 'a finite number such as 0.01');
    return;
  }
  checkCount(`${key}.levels`, ann.levels);
  checkNumber(`${key}.ceiling`, ann.ceiling, ann.ceiling > 0, 'a positive number such as 8');
}

/** Throws a ConfigError for the first number of `layer` that is out of range; `key` is the path put before it. */
export function checkLayer(layer: LayerSpec, key: string): void {
  switch (layer.kind) {
    case 'dense':
      checkCount(`${key}.units`, layer.units);
      return;
    case 'conv':
      checkConv(layer, key);
      return;
    case 'pool':
      checkPool(layer, key);
      return;
    case 'batch-norm':
      checkBatchNorm(layer, key);
      return;
    case 'dropout':
      if (layer.rate >= 0 && layer.rate < 1) return;
      throw new ConfigError(`${key}.rate`, `got ${showValue(layer.rate)}, expected a share from 0 to less than 1`);
    case 'slot':
      checkActivation(layer.ann, `${key}.ann`);
      checkNeuron(layer.neuron, `${key}.neuron`);
      return;
    case 'flatten':
    case 'softmax':
    case 'join':
      return;
    default:
      throw new TypeError(`unknown layer ${layer satisfies never}`);
  }
}
