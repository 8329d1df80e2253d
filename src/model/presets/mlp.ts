// Fully connected networks, and those with names that studies of MNIST made common.

import { ConfigError } from '../../core/index.ts';
import { dense, dropout, flatten, network, slot } from '../builder.ts';
import { lif } from '../neurons/index.ts';
import { sizeOf } from '../shapes.ts';
import type { InitSpec, LayerSpec, NetworkSpec, NeuronSpec } from '../spec.ts';
import { COMMON, type PresetEntry } from './entry.ts';
import { SLOT_PREFIX } from './layer-stack.ts';
import { ADVANCEMENTS, CASSETTA, REDDI } from './sources.ts';

export interface MlpOptions {
  /** Default `mlp-` and the sizes. */
  readonly name?: string;
  /** Neuron of the hidden slots; default `lif()`. */
  readonly neuron?: NeuronSpec;
  /** Neuron of the last slot; default: the hidden one. */
  readonly outputNeuron?: NeuronSpec;
  /** Shape of a sample, if not [sizes[0]]; a flatten is then put first. */
  readonly input?: readonly number[];
  readonly bias?: boolean;
  readonly init?: InitSpec['kind'];
  /** Dropout rate after each hidden slot; default none. */
  readonly dropout?: number;
}

/** A fully connected network of these sizes, input first; as an ANN its last slot is the identity. Throws ConfigError, ShapeError. */
export function mlp(sizes: readonly number[], options: MlpOptions = {}): NetworkSpec {
  if (sizes.length < 2)
    throw new ConfigError('sizes', `got [${sizes.join(', ')}], expected at least an input and an output size`);
  const hidden = options.neuron ?? lif();
  const last = sizes.length - 1;
  const layers: LayerSpec[] = options.input === undefined ? [] : [flatten()];
  for (let i = 1; i <= last; i++) {
    const neuron = i === last ? (options.outputNeuron ?? hidden) : hidden;
    layers.push(dense(`fc${i}`, sizes[i]!, { bias: options.bias ?? true, init: options.init ?? 'kaiming-uniform' }));
    layers.push(slot(`${SLOT_PREFIX[neuron.kind]}${i}`, neuron, { ann: i === last ? 'identity' : 'relu' }));
    if (i < last && options.dropout !== undefined) layers.push(dropout(`drop${i}`, options.dropout));
  }
  return network(options.name ?? `mlp-${sizes.join('-')}`, options.input ?? [sizes[0]!], layers);
}

/** A preset of these hidden layers for MNIST, with defaults of its own. */
export function mlpEntry(
  entry: Pick<PresetEntry, 'name' | 'title' | 'source' | 'notes'>,
  hidden: readonly number[],
  defaults: Pick<MlpOptions, 'neuron' | 'dropout'> = {},
): PresetEntry {
  return {
    ...entry,
    input: [28, 28, 1],
    classes: 10,
    options: [...COMMON, 'dropout'],
    build: ({ classes, ...options }, name) => {
      const { dropout: rate, ...rest } = { ...defaults, ...options };
      const sizes = [sizeOf(options.input), ...hidden, classes];
      return mlp(sizes, { ...rest, name, ...(rate === undefined || rate === 0 ? {} : { dropout: rate }) });
    },
  };
}

const OURS = 'Spikewatt';

export const mlpPresets: readonly PresetEntry[] = [
  mlpEntry({ name: 'mnist-mlp', title: '784-256-10', source: OURS, notes: [] }, [256]),
  mlpEntry(
    { name: 'mnist-wide', title: '784-1000-10', source: REDDI, notes: ['The spiking network of that study.'] },
    [1000],
  ),
  mlpEntry({ name: 'mnist-two-hidden', title: '784-256-256-10', source: ADVANCEMENTS, notes: [] }, [256, 256]),
  mlpEntry(
    {
      name: 'mnist-tapered',
      title: '784-512-256-64-10, without dropout',
      source: CASSETTA,
      notes: ['With its dropout and neuron: `cassetta-mnist-medium`.'],
    },
    [512, 256, 64],
  ),
  mlpEntry(
    {
      name: 'mnist-deep',
      title: '784-2000-500-64-16-10, without dropout',
      source: CASSETTA,
      notes: ['With its dropout and neuron: `cassetta-mnist-large`.'],
    },
    [2000, 500, 64, 16],
  ),
];
