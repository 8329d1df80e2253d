// The loss operation, and which output each kind of loss reads.

import { ConfigError } from '../core/index.ts';
import type { LossKind } from '../engine/index.ts';
import type { PlanBuilder } from './builder.ts';
import type { LowerOptions, Outputs } from './options.ts';

export type LossOutput = 'logits' | 'spikes' | 'membrane';

const READS: Readonly<Record<LossKind, LossOutput>> = {
  'cross-entropy': 'logits',
  'mse-count': 'spikes',
  'ce-rate': 'spikes',
  'ce-count': 'spikes',
  'mse-rate': 'spikes',
  'ce-max-membrane': 'membrane',
  'mse-membrane': 'membrane',
  'ce-membrane': 'membrane',
  margin: 'logits',
  'margin-rate': 'spikes',
  'margin-membrane': 'membrane',
  mse: 'logits',
  'mse-last-membrane': 'membrane',
};

/** Losses that a network with this output can be trained with. */
export function lossesFor(mode: 'ann' | 'snn', fires: boolean): readonly LossKind[] {
  const kinds = Object.keys(READS) as LossKind[];
  return kinds.filter((kind) => (mode === 'ann') === (READS[kind] === 'logits') && (fires || READS[kind] !== 'spikes'));
}

/** The output the loss reads, if there is a loss. Throws ConfigError where the network has no such output. */
export function lossOutput(options: LowerOptions, layer: string, fires: boolean): LossOutput | undefined {
  const kind = options.loss?.kind;
  if (kind === undefined) return undefined;
  const allowed = lossesFor(options.mode, fires);
  if (allowed.includes(kind)) return READS[kind];
  const why =
    READS[kind] === undefined
      ? 'there is no such loss'
      : options.mode === 'ann'
        ? 'an ANN has logits, neither spikes nor a membrane'
        : READS[kind] === 'logits'
          ? 'a spiking network has spikes and a membrane, no logits'
          : `the output "${layer}" never fires`;
  throw new ConfigError('loss.kind', `got "${kind}", but ${why}; use ${allowed.join(', ')}`);
}

/** Appends the loss; returns the ids of the losses [sample, 1] and, in training and attacks, of the output's gradient. */
export function lowerLoss(
  builder: PlanBuilder,
  reads: LossOutput,
  outputs: Outputs,
): { losses: string; dOutput?: string } {
  const { kind, onTarget = 1, offTarget = 0 } = builder.options.loss!;
  const output = outputs[reads]!;
  const losses = builder.keep(builder.tensor('@losses', { rows: 'sample', features: 1 }));
  const dOutput = builder.differentiates ? { dOutput: builder.gradient(output) } : {};
  builder.forward.push({
    kernel: 'loss',
    layer: outputs.layer,
    loss: kind,
    onTarget,
    offTarget,
    output,
    ...dOutput,
    losses,
  });
  return { losses, ...dOutput };
}
