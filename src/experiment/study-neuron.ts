// A neuron as a study writes it: another library's by name with that library's parameters, or every choice explicit.

import { z } from 'zod';
import { dialects, integrator, type NeuronSpec, neuronSchema } from '../model/index.ts';
import { chosen } from './chosen.ts';

const perNeuron = z.number();
const surrogate = z.strictObject({
  kind: z.enum(['atan', 'sigmoid', 'fast-sigmoid', 'triangular', 'straight-through']),
  slope: z.number().gt(0),
});

const snntorchShared = {
  threshold: perNeuron.exactOptional(),
  resetMechanism: z.enum(['subtract', 'zero', 'none']).exactOptional(),
  learnThreshold: z.boolean().exactOptional(),
  surrogate: surrogate.exactOptional(),
};
const snntorch = {
  ...snntorchShared,
  resetDelay: z.boolean().exactOptional(),
  learnBeta: z.boolean().exactOptional(),
};
const spikingjelly = {
  vThreshold: perNeuron.exactOptional(),
  vReset: z.number().nullable().exactOptional(),
  detachReset: z.boolean().exactOptional(),
  surrogate: surrogate.exactOptional(),
};
const norseBox = {
  tauMemInv: z.number().exactOptional(),
  vLeak: z.number().exactOptional(),
  vTh: z.number().exactOptional(),
  vReset: z.number().exactOptional(),
  alpha: z.number().exactOptional(),
  dt: z.number().exactOptional(),
};
const norse = { ...norseBox, tauSynInv: z.number().exactOptional() };
const dialect = <Name extends string>(name: Name) => z.literal(name);

/** Parameters of each dialect; names and defaults are the other library's, in camel case. */
export const dialectSchema = z.discriminatedUnion('dialect', [
  z.strictObject({ dialect: dialect('snntorch.leaky'), beta: perNeuron, ...snntorch }),
  z.strictObject({ dialect: dialect('snntorch.synaptic'), alpha: perNeuron, beta: perNeuron, ...snntorch }),
  z.strictObject({
    dialect: dialect('snntorch.rleaky'),
    beta: perNeuron,
    allToAll: z.boolean().exactOptional(),
    ...snntorch,
  }),
  z.strictObject({
    dialect: dialect('snntorch.lapicque'),
    beta: z.number().exactOptional(),
    R: z.number().exactOptional(),
    C: z.number().exactOptional(),
    timeStep: z.number().exactOptional(),
    ...snntorchShared,
  }),
  z.strictObject({ dialect: dialect('spikingjelly.ifNode'), ...spikingjelly }),
  z.strictObject({
    dialect: dialect('spikingjelly.lifNode'),
    tau: z.number().exactOptional(),
    decayInput: z.boolean().exactOptional(),
    ...spikingjelly,
  }),
  z.strictObject({
    dialect: dialect('spikingjelly.parametricLifNode'),
    initTau: z.number().exactOptional(),
    decayInput: z.boolean().exactOptional(),
    ...spikingjelly,
  }),
  z.strictObject({
    dialect: dialect('snntoolbox.inisim'),
    threshold: z.number().exactOptional(),
    reset: z.enum(['subtract', 'zero']).exactOptional(),
  }),
  z.strictObject({ dialect: dialect('spikewatt.integrator'), beta: z.number().exactOptional() }),
  z.strictObject({ dialect: dialect('norse.lif'), ...norse }),
  z.strictObject({ dialect: dialect('norse.lifRecurrent'), ...norse }),
  z.strictObject({
    dialect: dialect('norse.lifBox'),
    resetMethod: z.enum(['value', 'subtract']).exactOptional(),
    ...norseBox,
  }),
]);

export type DialectStudy = z.infer<typeof dialectSchema>;
export type NeuronStudy = DialectStudy | NeuronSpec;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A neuron by dialect, or explicit where it has a `kind`. */
export const neuronStudySchema = chosen<NeuronStudy>(
  (value) => (isObject(value) && 'kind' in value && !('dialect' in value) ? neuronSchema : dialectSchema),
  "`{dialect: snntorch.leaky, beta: 0.9}`: another library's neuron with its own parameters; or one with every choice explicit (`kind`, `threshold`, `tie`, `decay`, ...). Not used where `network` is whole",
);

/** The neuron meant. Throws ConfigError where a parameter is out of its range. */
export function neuronOf(study: NeuronStudy): NeuronSpec {
  if (!('dialect' in study)) return study;
  switch (study.dialect) {
    case 'snntorch.leaky':
      return dialects.snntorch.leaky(study);
    case 'snntorch.synaptic':
      return dialects.snntorch.synaptic(study);
    case 'snntorch.rleaky':
      return dialects.snntorch.rleaky(study);
    case 'snntorch.lapicque':
      return dialects.snntorch.lapicque(study);
    case 'spikingjelly.ifNode':
      return dialects.spikingjelly.ifNode(study);
    case 'spikingjelly.lifNode':
      return dialects.spikingjelly.lifNode(study);
    case 'spikingjelly.parametricLifNode':
      return dialects.spikingjelly.parametricLifNode(study);
    case 'snntoolbox.inisim':
      return dialects.snntoolbox.inisim(study);
    case 'spikewatt.integrator':
      return integrator(study.beta === undefined ? {} : { beta: study.beta });
    case 'norse.lif':
      return dialects.norse.lif(study);
    case 'norse.lifRecurrent':
      return dialects.norse.lifRecurrent(study);
    case 'norse.lifBox':
      return dialects.norse.lifBox(study);
    default:
      throw new TypeError(`unknown dialect ${JSON.stringify(study satisfies never)}`);
  }
}
