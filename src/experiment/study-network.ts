// A network as a study writes it: hidden sizes, all sizes, a name, or the whole network.

import { z } from 'zod';
import { ConfigError } from '../core/index.ts';
import {
  describePreset,
  type MlpOptions,
  mlp,
  type NetworkSpec,
  networkSchema,
  PRESETS,
  parseNetwork,
  preset,
  sizeOf,
} from '../model/index.ts';
import { chosen } from './chosen.ts';
import { type NeuronStudy, neuronOf, neuronStudySchema } from './study-neuron.ts';

const units = z.int().min(1);
const shared = {
  bias: z.boolean().exactOptional(),
  dropout: z.number().min(0).lt(1).exactOptional(),
  init: z.enum(['pytorch', 'kaiming-uniform', 'kaiming-normal', 'xavier-uniform', 'xavier-normal']).exactOptional(),
  outputNeuron: neuronStudySchema.exactOptional(),
};
const hiddenSchema = z.strictObject({ hidden: z.array(units), ...shared });
const sizesSchema = z.strictObject({ sizes: z.array(units).min(2), ...shared });
const namedSchema = z.enum(PRESETS as readonly [string, ...string[]]);
const { bias: _, ...ofPresets } = shared;
const presetSchema = z.strictObject({
  preset: namedSchema,
  ...ofPresets,
  batchNorm: z.boolean().exactOptional(),
  join: z.enum(['add', 'and', 'iand']).exactOptional(),
});

type SizedStudy = z.infer<typeof hiddenSchema> | z.infer<typeof sizesSchema>;
type PresetStudy = z.infer<typeof presetSchema>;
export type NetworkStudy = SizedStudy | PresetStudy | NetworkSpec | string;

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value;

function schemaFor(value: unknown): z.ZodType {
  if (typeof value === 'string') return namedSchema;
  if (has(value, 'layers') || has(value, 'format')) return networkSchema;
  if (has(value, 'preset')) return presetSchema;
  return has(value, 'sizes') ? sizesSchema : hiddenSchema;
}

/** `{hidden}`, `{sizes}`, `{preset}`, the name of a network, or a whole one. */
export const networkStudySchema = chosen<NetworkStudy>(
  schemaFor,
  "`{hidden: [256]}` (input and classes are the data set's) or `{sizes: [784, 256, 10]}`, each with optional `bias`, `dropout`, `init`, `outputNeuron`; `{preset: vgg16-cifar}` or just its name (`spikewatt networks` lists them), with the options it takes: `batchNorm`, `dropout`, `init`, `join`, `outputNeuron`; or a whole network, as JSON holds it",
);

/** What of the data the network has to fit. */
interface DataShape {
  readonly name: string;
  readonly shape: readonly number[];
  readonly classes: readonly string[];
}

/** The network meant, for this data. Throws ConfigError or ShapeError where it does not fit the data. */
export function networkOf(study: NetworkStudy, neuron: NeuronStudy, data: DataShape): NetworkSpec {
  if (typeof study === 'string') return named({ preset: study }, neuron, data);
  if ('preset' in study) return named(study, neuron, data);
  if ('layers' in study) return fit(parseNetwork(study), data);
  const sizes = 'sizes' in study ? study.sizes : [sizeOf(data.shape), ...study.hidden, data.classes.length];
  return fit(mlp(sizes, mlpOptions(study, neuron, data, sizes)), data);
}

/** A preset for the data's samples and classes. */
function named({ preset: name, outputNeuron, ...options }: PresetStudy, neuron: NeuronStudy, data: DataShape) {
  const { shape, classes } = data;
  const takes = describePreset(name).input.length;
  if (takes === 3 && shape.length !== 3 && preset(name).layers.some(({ kind }) => kind === 'conv')) {
    throw new ConfigError(
      'network',
      `"${name}" has convolutions and takes images [height, width, channels], a sample of "${data.name}" is [${shape.join(', ')}]; use {hidden: [...]}, or data of images`,
    );
  }
  const spec = preset(name, {
    ...options,
    neuron: neuronOf(neuron),
    input: shape,
    classes: classes.length,
    ...(outputNeuron === undefined ? {} : { outputNeuron: neuronOf(outputNeuron) }),
  });
  return fit(spec, data);
}

function mlpOptions(study: SizedStudy, neuron: NeuronStudy, data: DataShape, sizes: readonly number[]): MlpOptions {
  const { bias, dropout, init, outputNeuron } = study;
  return {
    neuron: neuronOf(neuron),
    ...(outputNeuron === undefined ? {} : { outputNeuron: neuronOf(outputNeuron) }),
    ...(data.shape.length > 1 && sizes[0] === sizeOf(data.shape) ? { input: data.shape } : {}),
    ...(bias === undefined ? {} : { bias }),
    ...(init === undefined ? {} : { init }),
    ...(dropout === undefined || dropout === 0 ? {} : { dropout }),
  };
}

function fit(spec: NetworkSpec, data: DataShape): NetworkSpec {
  const values = sizeOf(data.shape);
  if (sizeOf(spec.input) !== values) {
    throw new ConfigError(
      'network',
      `input [${spec.input.join(', ')}] has ${sizeOf(spec.input)} values, a sample of "${data.name}" has ${values} ([${data.shape.join(', ')}]); ` +
        'use {hidden: [...]}, which takes the input from the data',
    );
  }
  const outputs = [...spec.layers].reverse().find((layer) => layer.kind === 'dense')?.units;
  if (outputs !== undefined && outputs < data.classes.length) {
    throw new ConfigError(
      'network',
      `has ${outputs} outputs, "${data.name}" has ${data.classes.length} classes; the last layer needs one each`,
    );
  }
  return spec;
}
