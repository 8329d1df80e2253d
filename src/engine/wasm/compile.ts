// From plan to program: memory laid out, descriptors and phase tables written. See kernels/scheduler.ts for the tables.

import { UnsupportedError } from '../../core/index.ts';
import { checkPlan } from '../check/index.ts';
import type { Plan } from '../plan.ts';
import type { Allocator } from './allocator.ts';
import { groupOf, type Places } from './descriptors.ts';
import {
  NEVER_REACHED,
  PANEL,
  type ParameterLayout,
  panelsOf,
  parameterLayouts,
  type TensorLayout,
  tensorLayout,
  weightPanelBytes,
} from './layout.ts';
import { placeScratch } from './liveness.ts';
import { runPhases, tableWriter, transposes, updatePhases } from './phases.ts';

export interface Compiled {
  readonly plan: Plan;
  readonly chunkSamples: number;
  /** Samples run at once; a larger batch is run in several rounds. */
  readonly microBatch: number;
  readonly bytes: number;
  readonly tensors: ReadonlyMap<string, { readonly address: number; readonly layout: TensorLayout }>;
  readonly parameters: ReadonlyMap<string, { readonly address: number; readonly layout: ParameterLayout }>;
  readonly staging: { readonly address: number; readonly bytes: boolean; readonly sampleValues: number };
  readonly labels: number;
  readonly ids: number;
  /** Program tables: forward (with backward and gradients), update, and the refresh of transposed weights. */
  readonly runTable: number;
  readonly updateTable: number;
  readonly refreshTable: number;
  /** Everything allocated, to be freed. */
  readonly regions: readonly number[];
}

/** Rows of a chunk: enough for the register block to be used well, few enough that a chunk's activations stay in cache. */
const CHUNK_ROWS = 100;
const CHUNK_SAMPLES_ANN = 24;

const chunkSamplesFor = (timesteps: number): number =>
  timesteps === 1 ? CHUNK_SAMPLES_ANN : Math.max(1, Math.round(CHUNK_ROWS / timesteps));

export function compilePlan(
  plan: Plan,
  samples: number,
  memoryLimit: number | undefined,
  allocator: Allocator,
  threads: number,
  wide: boolean,
): Compiled {
  checkPlan(plan);
  const chunkSamples = Math.min(chunkSamplesFor(plan.timesteps), samples);
  const layouts = new Map(plan.tensors.map((spec) => [spec.id, tensorLayout(spec, plan.timesteps, chunkSamples)]));
  const parameters = parameterLayouts(plan);
  const load = plan.forward.find((op) => op.kernel === 'load');
  const input = load && layouts.get(load.x)!;
  const sampleValues = input === undefined ? 0 : input.rowsPerSample * input.spec.features;
  const stagedBytes = sampleValues * (load?.source === 'bytes' ? 1 : 4) + 8;

  const scratchSizes = new Map(
    [...layouts].filter(([, { spec }]) => spec.keep === 'chunk').map(([id, l]) => [id, l.chunkBytes]),
  );
  const arena = placeScratch(plan, scratchSizes);
  const scratchBytes = Math.ceil(scratchNeeded(plan, layouts, chunkSamples) / 128) * 128;
  const transposedIds = transposedWeights(plan);
  const fixed = threads * (arena.bytes + scratchBytes) + sizeOfParameters(parameters, transposedIds);
  const perChunk =
    [...layouts.values()]
      .filter(({ spec }) => spec.keep === 'batch')
      .reduce((sum, { chunkBytes }) => sum + chunkBytes, 0) +
    chunkSamples * stagedBytes;
  const limit = Math.min(memoryLimit ?? Number.POSITIVE_INFINITY, allocator.available() - 2 ** 20);
  const chunks = Math.ceil(samples / chunkSamples);
  const fitting = Math.min(chunks, Math.floor((limit - fixed) / Math.max(1, perChunk)));
  if (fitting < 1) {
    const [needed, has] = [fixed + perChunk, Math.max(0, limit)].map((bytes) => (bytes / 2 ** 20).toFixed(0));
    throw new UnsupportedError(
      `wasm backend: ${needed} MiB are needed for a chunk of ${chunkSamples} samples, ${has} MiB are allowed; use a smaller network or fewer time steps`,
    );
  }

  const regions: number[] = [];
  const allocate = (size: number): number => {
    const address = allocator.allocate(size);
    regions.push(address);
    return address;
  };
  const arenaBase = allocate(threads * arena.bytes);
  const scratchBase = allocate(threads * scratchBytes);
  const tensorPlaces = new Map(
    [...layouts].map(([id, layout]) => [
      id,
      {
        layout,
        address:
          layout.spec.keep === 'batch'
            ? allocate(fitting * layout.chunkBytes)
            : arenaBase + (arena.offsets.get(id) ?? 0),
      },
    ]),
  );
  const parameterPlaces = new Map(
    [...parameters].map(([id, layout]) => [id, { layout, address: allocate(layout.bytes) }]),
  );
  const transposed = new Map([...transposedIds].map((id) => [id, allocate(transposedBytes(parameters.get(id)!))]));
  const widest = Math.max(...[...layouts.values()].map(({ panels }) => panels));
  const unreachable = allocate(widest * PANEL * 4);
  new Float32Array(allocator.memory.buffer, unreachable, widest * PANEL).fill(NEVER_REACHED);
  const places: Places = {
    unreachable,
    timesteps: plan.timesteps,
    chunkSamples,
    wide,
    tensor: (id) => layouts.get(id)!,
    operand: (id) => {
      if (id === undefined) return [0, 0, 0];
      const { address, layout } = tensorPlaces.get(id)!;
      return layout.spec.keep === 'batch' ? [address, layout.chunkBytes, 0] : [address, 0, arena.bytes];
    },
    scratch: [scratchBase, 0, scratchBytes],
    parameter: (id) => parameters.get(id)!,
    address: (id) => (id === undefined ? 0 : parameterPlaces.get(id)!.address),
    transposed: (id) => (id === undefined ? 0 : (transposed.get(id) ?? 0)),
  };
  const refresh = transposes(transposedIds, places);
  const writeTable = tableWriter(allocator, allocate);
  const microBatch = Math.min(samples, fitting * chunkSamples);
  return {
    plan,
    chunkSamples,
    microBatch,
    bytes: fixed + fitting * perChunk,
    tensors: tensorPlaces,
    parameters: parameterPlaces,
    staging: { address: allocate(fitting * chunkSamples * stagedBytes), bytes: load?.source === 'bytes', sampleValues },
    labels: allocate(fitting * chunkSamples * 4),
    ids: allocate(fitting * chunkSamples * 4),
    runTable: writeTable(runPhases(plan, places)),
    updateTable: writeTable(updatePhases(plan, places, refresh, allocate)),
    refreshTable: writeTable([{ kind: 'pool', ops: refresh }]),
    regions,
  };
}

function sizeOfParameters(parameters: ReadonlyMap<string, ParameterLayout>, transposed: ReadonlySet<string>): number {
  let bytes = 0;
  for (const [id, layout] of parameters) bytes += layout.bytes + (transposed.has(id) ? transposedBytes(layout) : 0);
  return bytes;
}

const transposedBytes = ({ spec }: ParameterLayout): number => panelsOf(spec.rows) * weightPanelBytes(spec.columns);

/** Weights whose transpose the backward pass reads. */
function transposedWeights(plan: Plan): Set<string> {
  const ids = new Set<string>();
  for (const op of plan.backward) {
    if (op.kernel === 'dense-backward') ids.add(op.weight);
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
    if (op.kernel === 'dense') {
      const { spec, panels, rowsPerSample } = layouts.get(op.x)!;
      const rows = Math.ceil((chunkSamples * rowsPerSample) / 6) * 6;
      need.push((rows + 8) * 4 + Math.max(rows * spec.features * 8, panels * rows * 128) + 512);
    }
    if (op.kernel === 'neuron') need.push(panelsOf(layouts.get(op.current)!.spec.features) * 128 * 4 + 256);
    if (op.kernel === 'loss') need.push(panelsOf(layouts.get(op.output)!.spec.features) * 128 * 2);
  }
  for (const op of plan.backward)
    if (op.kernel === 'neuron-backward')
      need.push(panelsOf(layouts.get(op.current)!.spec.features) * 128 * (7 + plan.timesteps) + plan.timesteps * 128);
  for (const op of plan.gradients)
    if (op.kernel === 'dense-gradient') {
      const rows = chunkSamples * layouts.get(op.x)!.rowsPerSample;
      need.push(512 + groupOf(rows) * rows * 32 * 8);
    }
  return Math.max(...need);
}
