// The memory planner: how many samples make a chunk, what every thread and every chunk needs, and how many chunks fit.

import { UnsupportedError } from '../../core/index.ts';
import type { MemoryUse } from '../backend.ts';
import type { BackwardOp, ForwardOp, Plan, TensorSpec } from '../plan.ts';
import { barriersOf } from './barriers.ts';
import { convGradientScratch, convScratch, winogradScratch } from './conv-words.ts';
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
import { joinScratch, reshapeScratch } from './map-words.ts';
import { NORM_SCRATCH, normChunkBytes, normMeansBytes } from './norm-words.ts';
import { poolScratch } from './pool-words.ts';
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
  /** Scratch tensors that live across a barrier: a place for each chunk. */
  readonly crossing: Placement;
  /** Work space of a thread's kernels. */
  readonly scratchBytes: number;
  /** Staged values a sample, and their bytes together with label and id. */
  readonly sampleValues: number;
  readonly stagedBytes: number;
  /** The batch cannot be run in rounds. */
  readonly wholeBatch: boolean;
  readonly bytes: number;
  /** The same by use. */
  readonly uses: Readonly<Record<MemoryUse, number>>;
}

/** Rows of a chunk: enough for the register block to be used well, few enough that a chunk's activations stay in cache. */
const CHUNK_ROWS = 100;
const CHUNK_SAMPLES_ANN = 24;

/** Rows of a chunk of maps: each pixel is a matrix of its own, and a map of a whole chunk is large. */
const MAP_ROWS = 30;

/** Scratch of a chunk of maps above which it is made of fewer samples. */
const CHUNK_BYTES = 192 * 2 ** 20;

/** Kept tensors of the chunks held at once, beyond which a batch is run in rounds although there is memory. */
const ROUND_BYTES = 256 * 2 ** 20;

const paddedRows = (rows: number): number => Math.ceil(rows / 6) * 6;

/** As many samples as make about MAP_ROWS rows, with little padding to sixes. */
function mapSamples(timesteps: number): number {
  const counts = Array.from({ length: 12 }, (_, k) => k + 1).filter((n) => n === 1 || n * timesteps <= 2 * MAP_ROWS);
  const cost = (n: number): number =>
    paddedRows(n * timesteps) / (n * timesteps) + Math.abs(n * timesteps - MAP_ROWS) / (10 * MAP_ROWS);
  return counts.reduce((best, n) => (cost(n) < cost(best) ? n : best));
}

/**
 * Samples a chunk, a function of the plan alone: sums run chunk by chunk, so that neither memory nor threads may enter. Fewer than
 * six rows would take the memory of six.
 */
function chunkSamplesFor(plan: Plan, scratchOf: (samples: number) => number): number {
  const { timesteps } = plan;
  if (!plan.tensors.some(({ channels }) => channels !== undefined))
    return timesteps === 1 ? CHUNK_SAMPLES_ANN : Math.max(1, Math.round(CHUNK_ROWS / timesteps));
  const most = mapSamples(timesteps);
  return scratchOf(most) > CHUNK_BYTES ? Math.min(most, Math.ceil(6 / timesteps)) : most;
}

/** What chunks of so many samples need. */
function arrange(plan: Plan, chunkSamples: number, kept: ReadonlySet<string>) {
  const layouts = new Map(plan.tensors.map((spec) => [spec.id, tensorLayout(spec, plan.timesteps, chunkSamples)]));
  const bytesOf = (stored: (spec: TensorSpec) => boolean): Map<string, number> =>
    new Map([...layouts].filter(([, { spec }]) => stored(spec)).map(([id, { chunkBytes }]) => [id, chunkBytes]));
  const scratch = bytesOf(({ keep }) => keep === 'chunk');
  const arena = placeScratch(plan, new Map([...scratch].filter(([id]) => !kept.has(id))));
  const crossing = placeScratch(plan, new Map([...scratch].filter(([id]) => kept.has(id))));
  const batchBytes = sumOf([...bytesOf(({ keep }) => keep !== 'chunk').values()]);
  const scratchBytes = Math.ceil(scratchNeeded(plan, layouts, chunkSamples) / 128) * 128;
  return { layouts, arena, crossing, scratchBytes, keptBytes: batchBytes + crossing.bytes };
}

/** Throws UnsupportedError if not even one chunk fits in `limit` bytes. */
export function planMemory(plan: Plan, samples: number, limit: number, threads: number): MemoryPlan {
  const { kept, partials, combinations } = barriersOf(plan);
  const wanted = chunkSamplesFor(plan, (count) => arrange(plan, count, kept).arena.bytes);
  const chunkSamples = Math.min(wanted, samples);
  const { layouts, arena, crossing, scratchBytes, keptBytes } = arrange(plan, chunkSamples, kept);
  const parameters = parameterLayouts(plan);
  const load = plan.forward.find((op) => op.kernel === 'load');
  const input = load && layouts.get(load.x)!;
  const sampleValues = input === undefined ? 0 : input.rowsPerSample * input.spec.features;
  const stagedBytes = sampleValues * (load?.source === 'bytes' ? 1 : 4) + 8;
  const transposed = transposedWeights(plan, parameters);
  const normed = [...partials.values()].flat().map(({ x }) => layouts.get(x)!);
  const means = sumOf(normed.map(normMeansBytes));
  const once = {
    parameters: sumOf([...parameters.values()].map(({ bytes }) => bytes)),
    transposed: sumOf([...transposed].map((id) => transposedBytes(parameters.get(id)!))),
    scratch: threads * (arena.bytes + scratchBytes),
    tables: tableBytes(plan),
  };
  const fixed = sumOf(Object.values(once)) + means;
  const keptOfChunk = keptBytes + sumOf(normed.map(normChunkBytes));
  const perChunk = chunkSamples * stagedBytes + keptOfChunk;
  const all = Math.ceil(samples / chunkSamples);
  const fitting = Math.min(all, Math.floor((limit - fixed) / Math.max(1, perChunk)));
  const wholeBatch = combinations.size > 0;
  if (fitting < 1 && (!wholeBatch || samples <= chunkSamples)) {
    const [needed, has] = [fixed + perChunk, Math.max(0, limit)].map(mebibytes);
    throw new UnsupportedError(
      `wasm backend: ${needed} MiB are needed for a chunk of ${chunkSamples} samples, ${has} MiB are allowed; use a smaller network${plan.timesteps > 1 ? ' or fewer time steps' : ''}`,
    );
  }
  if (wholeBatch && fitting < all) refuseBatch(samples, chunkSamples, fixed, perChunk, limit);
  const chunks = wholeBatch ? all : Math.min(fitting, chunksOfRound(all, perChunk, threads));
  return {
    ...{ chunkSamples, chunks, layouts, parameters, transposed, arena, crossing, scratchBytes },
    ...{ sampleValues, stagedBytes },
    wholeBatch,
    bytes: fixed + chunks * perChunk,
    uses: { ...once, kept: means + chunks * keptOfChunk, staging: chunks * chunkSamples * stagedBytes },
  };
}

/** Chunks of a round: no more than ROUND_BYTES, but one a thread at least, and rounds of about equal size. */
function chunksOfRound(all: number, perChunk: number, threads: number): number {
  const most = Math.max(threads, Math.floor(ROUND_BYTES / Math.max(1, perChunk)));
  if (all <= most) return all;
  const rounds = Math.ceil(all / most);
  return Math.min(most, Math.ceil(all / rounds / threads) * threads);
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** A batch whose norms take its statistics cannot be run in rounds. */
function refuseBatch(samples: number, chunkSamples: number, fixed: number, perChunk: number, limit: number): never {
  const needed = fixed + Math.ceil(samples / chunkSamples) * perChunk;
  const fits = Math.max(0, Math.floor((limit - fixed) / perChunk)) * chunkSamples;
  const remedy = fits > 0 ? `a smaller batch (${fits} samples fit)` : 'a smaller network: not one chunk of it fits';
  throw new UnsupportedError(
    `wasm backend: a batch of ${samples} samples needs ${mebibytes(needed)} MiB at once, as batch norm takes the statistics of all of it, and ${mebibytes(Math.max(0, limit))} MiB are allowed; use ${remedy}`,
  );
}

/** Tables of windows, at most. */
function tableBytes(plan: Plan): number {
  let bytes = 0;
  for (const op of plan.forward) if (op.kernel === 'conv') bytes += windowTableBytes(op.window);
  for (const op of plan.backward) if (op.kernel === 'conv-backward') bytes += windowTableBytes(op.window);
  return bytes;
}

/** Of a weight's copy for the backward pass: its transpose, or for Winograd's way sixteen products' matrices. */
export function transposedBytes({ spec, conv }: ParameterLayout): number {
  if (conv === undefined) return panelsOf(spec.rows) * weightPanelBytes(spec.columns);
  const panels = panelsOf(conv.channels);
  return conv.winograd
    ? 16 * panels * weightPanelBytes(spec.columns)
    : panels * weightPanelBytes(conv.taps * spec.columns);
}

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
      const { panels } = layouts.get(op.x)!;
      need.push(512 + panels * 132 + 12 * (32 * panels + 8));
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
    need.push(mapScratch(op, layouts, chunkSamples));
    if (op.kernel === 'neuron') need.push(layouts.get(op.current)!.panels * 128 * 4 + 256);
    if (op.kernel === 'loss') need.push(panelsOf(layouts.get(op.output)!.spec.features) * 128 * 2);
  }
  for (const op of plan.backward) {
    need.push(mapScratch(op, layouts, chunkSamples));
    if (op.kernel === 'neuron-backward')
      need.push(
        layouts.get(op.current)!.panels * 128 * (7 + plan.timesteps) + (chunkSamples + 1) * plan.timesteps * 128,
      );
  }
  for (const op of plan.backward)
    if (op.kernel === 'conv-backward') {
      const dy = layouts.get(op.dy)!;
      need.push(winogradScratch(dy, chunkSamples * dy.rowsPerSample));
    }
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

/** Work space of the operations on maps that have no products. */
function mapScratch(
  op: ForwardOp | BackwardOp,
  layouts: ReadonlyMap<string, TensorLayout>,
  chunkSamples: number,
): number {
  const rows = (id: string): number => Math.ceil((chunkSamples * layouts.get(id)!.rowsPerSample) / 6) * 6;
  switch (op.kernel) {
    case 'pool':
    case 'pool-backward':
      return poolScratch(op.window);
    case 'batch-norm':
    case 'batch-norm-backward':
    case 'running-norm-backward':
      return NORM_SCRATCH;
    case 'activation-backward':
      return 32 + chunkSamples * 8;
    case 'join':
      return joinScratch(rows(op.y));
    case 'join-backward':
      return joinScratch(rows(op.dy));
    case 'reshape':
      return reshapeScratch(rows(op.x));
    case 'reshape-backward':
      return reshapeScratch(rows(op.dy));
    case 'count':
      return (op.reach?.input[1] ?? 1) * 4;
    default:
      return 0;
  }
}
