// What the work of an operation depends on beside the operation: the batch, the plan's shapes, what was counted of its inputs.

import type { ParameterSpec, Plan, ProgramLayout, TensorSpec } from '../engine/index.ts';

/** Nonzero values of a tensor, summed over the batch. */
export interface Nonzeros {
  readonly values: number;
  /** Without the last time step: what a recurrent layer was fed back. */
  readonly fedBack: number;
  /** Each counted as often as output pixels of the convolution that reads it. Absent: not asked. */
  readonly reached?: number;
}

export interface WorkContext {
  readonly plan: Plan;
  /** Of the batch. */
  readonly samples: number;
  /** Chunks the batch is run in, and rounds of chunks. */
  readonly chunks: number;
  readonly rounds: number;
  /** By tensor. A tensor that is not in it counts as dense. */
  readonly nonzeros: ReadonlyMap<string, Nonzeros>;
  readonly denseAbove: ProgramLayout['denseAbove'];
}

/** Values of a panel, the unit of memory: 32 float32, or a word of bits for spikes. */
const PANEL = 32;
const panelsOf = (values: number): number => Math.ceil(values / PANEL);

export const tensorOf = ({ plan }: WorkContext, id: string): TensorSpec => plan.tensors.find((spec) => spec.id === id)!;
export const parameterOf = ({ plan }: WorkContext, id: string): ParameterSpec =>
  plan.parameters.find((spec) => spec.id === id)!;

/** Rows of a tensor for the batch. */
export const rowsOf = ({ plan, samples }: WorkContext, { rows }: TensorSpec): number =>
  samples * (rows === 'step' ? plan.timesteps : 1);

/** Values of a tensor for the batch. */
export const valuesOf = (context: WorkContext, id: string): number => {
  const spec = tensorOf(context, id);
  return rowsOf(context, spec) * spec.features;
};

export const channelsOf = ({ channels, features }: TensorSpec): number => channels ?? features;

/** Bytes of a tensor for the batch as it lies in panels of 32 channels; spikes are bits. */
export function tensorBytes(context: WorkContext, id: string): number {
  const spec = tensorOf(context, id);
  const rows = rowsOf(context, spec);
  if (spec.values === 'count') return 4 * rows;
  const panels = (spec.features / channelsOf(spec)) * panelsOf(channelsOf(spec));
  return rows * panels * (spec.values === 'spikes' ? 4 : 4 * PANEL);
}

/** Bytes of a parameter in panels of 32 columns; a matrix's rows are padded to fours. */
export function parameterBytes(context: WorkContext, id: string): number {
  const { rows, columns } = parameterOf(context, id);
  return panelsOf(columns) * 4 * PANEL * (rows === 1 ? 1 : Math.ceil(rows / 4) * 4);
}
