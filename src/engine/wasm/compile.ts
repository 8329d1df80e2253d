// From plan to program: memory allocated, descriptors and phase tables written.

import type { ProgramLayout } from '../backend.ts';
import { checkPlan } from '../check/index.ts';
import { isRegression } from '../operation-fields.ts';
import type { Plan } from '../plan.ts';
import type { Allocator } from './allocator.ts';
import { NEVER_REACHED, PANEL, type ParameterLayout, type TensorLayout } from './layout.ts';
import { type MemoryPlan, planMemory, transposedBytes } from './memory-plan.ts';
import { normChunkBytes, normMeansBytes } from './norm-words.ts';
import type { DenseAbove } from './path.ts';
import { type PhaseSpec, runPhases, tableWriter, transposes, updatePhases } from './phases.ts';
import type { Places } from './places.ts';
import { windowTable } from './window-table.ts';

export interface Compiled {
  readonly plan: Plan;
  readonly chunkSamples: number;
  /** Samples run at once; a larger batch is run in several rounds. */
  readonly microBatch: number;
  /** A larger batch than that is refused: norms take the statistics of the whole batch. */
  readonly wholeBatch: boolean;
  readonly bytes: number;
  readonly layout: ProgramLayout;
  readonly tensors: ReadonlyMap<string, { readonly address: number; readonly layout: TensorLayout }>;
  readonly parameters: ReadonlyMap<string, { readonly address: number; readonly layout: ParameterLayout }>;
  readonly staging: { readonly address: number; readonly bytes: boolean; readonly sampleValues: number };
  readonly labels: number;
  /** Of a regression: where targets go, and how many a sample has; else undefined. */
  readonly targets: { readonly address: number; readonly outputs: number } | undefined;
  readonly ids: number;
  /** Forward (with backward and gradients), update, and the refresh of transposed weights. */
  readonly run: ProgramTable;
  readonly update: ProgramTable;
  readonly refresh: ProgramTable;
  /** Everything allocated, to be freed. */
  readonly regions: readonly number[];
}

/** What runs, and where its table is. */
export interface ProgramTable {
  readonly address: number;
  readonly phases: readonly PhaseSpec[];
}

/** What a plan is compiled for. */
export interface Target {
  readonly threads: number;
  readonly wide: boolean;
  readonly denseAbove: DenseAbove;
}

/** Lays out and writes a program. Throws ShapeError for an unsound plan, UnsupportedError if it does not fit in memory. */
export function compilePlan(
  plan: Plan,
  samples: number,
  memoryLimit: number | undefined,
  allocator: Allocator,
  target: Target,
): Compiled {
  checkPlan(plan);
  const limit = Math.min(memoryLimit ?? Number.POSITIVE_INFINITY, allocator.available() - SPARE_BYTES);
  const memory = planMemory(plan, samples, limit, target.threads);
  const regions: number[] = [];
  const allocate = (size: number): number => {
    const address = allocator.allocate(size);
    regions.push(address);
    return address;
  };
  const { places, tensors, parameters } = layOut(plan, memory, allocator, allocate, target);
  const refresh = transposes(memory.transposed, places);
  const write = tableWriter(allocator, allocate);
  const table = (phases: readonly PhaseSpec[]): ProgramTable => ({ address: write(phases), phases });
  const { chunkSamples, chunks, sampleValues, stagedBytes } = memory;
  const load = plan.forward.find((op) => op.kernel === 'load');
  const microBatch = Math.min(samples, chunks * chunkSamples);
  return {
    plan,
    chunkSamples,
    microBatch,
    wholeBatch: memory.wholeBatch,
    bytes: memory.bytes,
    layout: { chunkSamples, roundSamples: microBatch, memory: memory.uses, denseAbove: target.denseAbove },
    tensors,
    parameters,
    staging: { address: allocate(chunks * chunkSamples * stagedBytes), bytes: load?.source === 'bytes', sampleValues },
    labels: allocate(chunks * chunkSamples * 4),
    targets: placeTargets(plan, places, (outputs) => allocate(chunks * chunkSamples * outputs * 4)),
    ids: allocate(chunks * chunkSamples * 4),
    run: table(runPhases(plan, places)),
    update: table(updatePhases(plan, places, refresh, allocate)),
    refresh: table([{ kind: 'pool', ops: refresh }]),
    regions,
  };
}

function placeTargets(plan: Plan, places: Places, allocate: (outputs: number) => number): Compiled['targets'] {
  const loss = plan.forward.find((op) => op.kernel === 'loss');
  if (loss === undefined || !isRegression(loss.loss)) return undefined;
  const outputs = places.tensor(loss.output).spec.features;
  return { address: allocate(outputs), outputs };
}

/** Left free for descriptors and tables. */
const SPARE_BYTES = 2 ** 20;

/** Allocates every tensor and parameter, and says where they are. */
function layOut(
  plan: Plan,
  memory: MemoryPlan,
  allocator: Allocator,
  allocate: (size: number) => number,
  { threads, wide, denseAbove }: Target,
): { places: Places } & Pick<Compiled, 'tensors' | 'parameters'> {
  const { layouts, arena, crossing, scratchBytes, chunks } = memory;
  const arenaBase = allocate(threads * arena.bytes);
  const scratchBase = allocate(threads * scratchBytes);
  const crossingBase = allocate(chunks * crossing.bytes);
  const place = (id: string, { spec, chunkBytes }: TensorLayout): number => {
    if (spec.keep !== 'chunk') return allocate(chunks * chunkBytes);
    const across = crossing.offsets.get(id);
    return across === undefined ? arenaBase + (arena.offsets.get(id) ?? 0) : crossingBase + across;
  };
  const tensors = new Map([...layouts].map(([id, layout]) => [id, { layout, address: place(id, layout) }]));
  const parameters = new Map(
    [...memory.parameters].map(([id, layout]) => [id, { layout, address: allocate(layout.bytes) }]),
  );
  const transposed = new Map(
    [...memory.transposed].map((id) => [id, allocate(transposedBytes(memory.parameters.get(id)!))]),
  );
  const widest = Math.max(1, ...[...layouts.values()].map(({ panels }) => panels));
  const unreachable = allocate(widest * PANEL * 4);
  new Float32Array(allocator.memory.buffer, unreachable, widest * PANEL).fill(NEVER_REACHED);
  const places: Places = {
    unreachable,
    timesteps: plan.timesteps,
    chunkSamples: memory.chunkSamples,
    wide,
    denseAbove,
    tensor: (id) => layouts.get(id)!,
    operand: (id) => {
      if (id === undefined) return [0, 0, 0];
      const { address, layout } = tensors.get(id)!;
      if (layout.spec.keep !== 'chunk') return [address, layout.chunkBytes, 0];
      return crossing.offsets.has(id) ? [address, crossing.bytes, 0] : [address, 0, arena.bytes];
    },
    scratch: [scratchBase, 0, scratchBytes],
    parameter: (id) => memory.parameters.get(id)!,
    window: windowPlacer(allocator, allocate),
    normSums: normPlacer(layouts, chunks, allocate),
    address: (id) => (id === undefined ? 0 : parameters.get(id)!.address),
    transposed: (id) => (id === undefined ? 0 : (transposed.get(id) ?? 0)),
  };
  return { places, tensors, parameters };
}

/** Puts a window's table in memory, the same one once. */
function windowPlacer(allocator: Allocator, allocate: (size: number) => number): Places['window'] {
  const known = new Map<string, number>();
  return (window, backward) => {
    const key = JSON.stringify([window, backward]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const table = windowTable(window, backward);
    const address = allocate(table.byteLength);
    const starts = pixelsOf(backward ? window.input : window.output) + 1;
    for (let i = 0; i < starts; i++) table[i]! += address;
    new Uint32Array(allocator.memory.buffer, address, table.length).set(table);
    known.set(key, address);
    return address;
  };
}

/** Room for a norm's sums, the same for all its operations. */
function normPlacer(
  layouts: ReadonlyMap<string, TensorLayout>,
  chunks: number,
  allocate: (size: number) => number,
): Places['normSums'] {
  const known = new Map<unknown, { sums: number; means: number }>();
  return (op) => {
    const x = layouts.get(op.x)!;
    const found = known.get(op) ?? {
      sums: allocate(chunks * normChunkBytes(x)),
      means: allocate(normMeansBytes(x)),
    };
    known.set(op, found);
    return found;
  };
}

const pixelsOf = ([height, width]: readonly [number, number]): number => height * width;
