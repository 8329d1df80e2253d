// The tally of each layer, by its probe.

import type { Lowered, Probe } from '../lower/index.ts';
import type { Weights } from '../model/index.ts';
import { type NeuronTally, neuronTally } from './neuron-tally.ts';
import type { SimulateOptions } from './options.ts';
import { convTally, denseTally } from './synapse-tally.ts';
import { activationTally, encoderTally, fixedTally, poolTally, type Tally } from './tally.ts';

export function tallyOf(
  probe: Probe,
  lowered: Lowered,
  weights: Weights,
  options: SimulateOptions,
): Tally | NeuronTally {
  const { timesteps, encoder, perCall = false, membraneChanges = false } = options;
  const rateSamples = options.rateSamples ?? Number.POSITIVE_INFINITY;
  const weight = (): Float32Array => weights.get(`${probe.layer}/weight`)!;
  switch (probe.kind) {
    case 'encoder': {
      const rows = lowered.plan.tensors.find(({ id }) => id === probe.counts)!.rows;
      return encoderTally(probe, encoder?.kind ?? 'constant', rows === 'step' ? timesteps : 1);
    }
    case 'dense':
      return denseTally(probe, weight(), perCall);
    case 'conv':
      return convTally(probe, weight(), perCall);
    case 'pool':
      return poolTally(probe);
    case 'relu':
    case 'activation':
      return activationTally(probe);
    case 'batch-norm':
    case 'join':
    case 'softmax':
      return fixedTally(probe);
    case 'neuron':
      return neuronTally(probe, timesteps, { changes: membraneChanges, rateSamples });
    default:
      throw new TypeError(`unknown probe ${probe satisfies never}`);
  }
}
