// The memory planner: how many samples make a chunk, what every thread and every chunk needs, and how many chunks fit.

import { UnsupportedError } from '../../core/index.ts';
import type { Plan } from '../plan.ts';
import { convGradientScratch, convScratch } from './conv-words.ts';
import { groupOf } from './descriptors.ts';
import {
  type ParameterLayout,
  panelsOf,
  parameterLayouts,
  type TensorLayout,
  tensorLayout,
  weightPanelBytes,
} from './layout.ts';
import { type Placement, placeScratch } from './liveness.ts';
import { windowTableBytes } from './window-table.ts';

export interface MemoryPlan {
  readonly chunkSamples: number;
  /** Chunks held at once; a batch of more is run in several rounds. */
  readonly chunks: number;
  readonly layouts: ReadonlyMap<string, TensorLayout>;
  readonly parameters: ReadonlyMap<string, ParameterLayout>;
  /** Weights that are also kept transposed, for the backward pass. */
  readonly transposed: ReadonlySet<string>;
  /** Scratch tensors of a thread. */
  readonly arena: Placement;
  /** Work space of a thread's kernels. */
  readonly scratchBytes: number;
  /** Staged values a sample, and their bytes together with label and id. */
  readonly sampleValues: number;
  readonly stagedBytes: number;
  readonly bytes: number;
}

/** Rows of a chunk: enough for the register block to be used well, few enough that a chunk's activations stay in cache. */
const CHUNK_ROWS = 100;
const CHUNK_SAMPLES_ANN = 24;

/** Rows of a chunk of maps: each pixel is a matrix of its own, and a map of a whole chunk is large. */
const MAP_ROWS = 24;

function chunkSamplesFor(plan: Plan): number {
  if (plan.tensors.some(({ channels }) => channels !== undefined))
    return Math.max(1, Math.round(MAP_ROWS / plan.timesteps));
  return plan.timesteps === 1 ? CHUNK_SAMPLES_ANN : Math.max(1, Math.round(CHUNK_ROWS / plan.timesteps));
}

/** Throws UnsupportedError if not even one chunk fits in `limit` bytes. */
export function planMemory(plan: Plan, samples: number, limit: number, threads: number): MemoryPlan {
  const chunkSamples = Math.min(chunkSamplesFor(plan), samples);
  const layouts = new Map(plan.tensors.map((spec) => [spec.id, tensorLayout(spec, plan.timesteps, chunkSamples)]));
  const parameters = parameterLayouts(plan);
  const load = plan.forward.find((op) => op.kernel === 'load');
  const input = load && layouts.get(load.x)!;
  const sampleValues = input === undefined ? 0 : input.rowsPerSample * input.spec.features;
  const stagedBytes = sampleValues * (load?.source === 'bytes' ? 1 : 4) + 8;
  const bytesOf = (keep: 'chunk' | 'batch'): Map<string, number> =>
    new Map([...layouts].filter(([, { spec }]) => spec.keep === keep).map(([id, l]) => [id, l.chunkBytes]));
  const arena = placeScratch(plan, bytesOf('chunk'));
  const scratchBytes = Math.ceil(scratchNeeded(plan, layouts, chunkSamples) / 128) * 128;
  const transposed = transposedWeights(plan, parameters);
  const fixed = tableBytes(plan) + threads * (arena.bytes + scratchBytes) + sizeOfParameters(parameters, transposed);
  const perChunk = chunkSamples * stagedBytes + [...bytesOf('batch').values()].reduce((sum, bytes) => sum + bytes, 0);
  const chunks = Math.min(Math.ceil(samples / chunkSamples), Math.floor((limit - fixed) / Math.max(1, perChunk)));
  if (chunks < 1) {
    const [needed, has] = [fixed + perChunk, Math.max(0, limit)].map((bytes) => (bytes / 2 ** 20).toFixed(0));
    throw new UnsupportedError(
      `wasm backend: ${needed} MiB are needed for a chunk of ${chunkSamples} samples, ${has} MiB are allowed; use a smaller network or fewer time steps`,
    );
  }
  const bytes = fixed + chunks * perChunk;
  return {
    chunkSamples,
    chunks,
    layouts,
    parameters,
    transposed,
    arena,
    scratchBytes,
    sampleValues,
    stagedBytes,
    bytes,
  };
}

/** Tables of windows, at most. */
function tableBytes(plan: Plan): number {
  let bytes = 0;
  for (const op of plan.forward) if (op.kernel === 'conv') bytes += windowTableBytes(op.window);
  for (const op of plan.backward) if (op.kernel === 'conv-backward') bytes += windowTableBytes(op.window);
  return bytes;
}

function sizeOfParameters(parameters: ReadonlyMap<string, ParameterLayout>, transposed: ReadonlySet<string>): number {
  let bytes = 0;
  for (const [id, layout] of parameters) bytes += layout.bytes + (transposed.has(id) ? transposedBytes(layout) : 0);
  return bytes;
}

export const transposedBytes = ({ spec, conv }: ParameterLayout): number =>
  conv === undefined
    ? panelsOf(spec.rows) * weightPanelBytes(spec.columns)
    : panelsOf(conv.channels) * weightPanelBytes(conv.taps * spec.columns);

/** Weights whose transpose the backward pass reads. */
function transposedWeights(plan: Plan, parameters: ReadonlyMap<string, ParameterLayout>): Set<string> {
  const ids = new Set<string>();
  for (const op of plan.backward) {
    if (op.kernel === 'dense-backward') ids.add(op.weight);
    if (op.kernel === 'conv-backward' && parameters.get(op.weight)!.conv !== undefined) ids.add(op.weight);
    if (op.kernel === 'neuron-backward' && op.dynamics.recurrent?.weight !== undefined)
      ids.add(op.dynamics.recurrent.weight);
  }
  return ids;
}

/** Bytes of work space a thread needs: the largest any kernel asks for; layouts of it are in the kernels' descriptors. */
function scratchNeeded(plan: Plan, layouts: ReadonlyMap<string, TensorLayout>, chunkSamples: number): number {
  // The encoder's key schedule and uniform words.
  const need = [512];
  for (const op of plan.forward) {
    if (op.kernel === 'encode-rate') {
      const { spec, panels } = layouts.get(op.x)!;
      need.push(512 + panels * 132 + 12 * (spec.features + 8));
    }
    if (op.kernel === 'dense') {
      const { spec, panels, rowsPerSample } = layouts.get(op.x)!;
      const rows = Math.ceil((chunkSamples * rowsPerSample) / 6) * 6;
      const starts = Math.ceil(panels / 4) * (rows + 1) * 4;
      need.push(starts + Math.max(rows * spec.features * 8, panels * rows * 128) + 512);
    }
    if (op.kernel === 'conv') {
      const x = layouts.get(op.x)!;
      need.push(convScratch(x, op.window, chunkSamples * x.rowsPerSample));
    }
    if (op.kernel === 'neuron') need.push(layouts.get(op.current)!.panels * 128 * 4 + 256);
    if (op.kernel === 'loss') need.push(panelsOf(layouts.get(op.output)!.spec.features) * 128 * 2);
  }
  for (const op of plan.backward)
    if (op.kernel === 'neuron-backward')
      need.push(
        layouts.get(op.current)!.panels * 128 * (7 + plan.timesteps) + (chunkSamples + 1) * plan.timesteps * 128,
      );
  for (const op of plan.gradients) {
    if (op.kernel === 'conv-gradient')
      need.push(convGradientScratch(op.window, chunkSamples * layouts.get(op.x)!.rowsPerSample));
    if (op.kernel === 'dense-gradient') {
      const rows = chunkSamples * layouts.get(op.x)!.rowsPerSample;
      need.push(512 + groupOf(rows) * rows * 32 * 8);
    }
  }
  return Math.max(...need);
}
