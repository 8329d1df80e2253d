// The probe: when each operation ran, noted by the threads themselves; see kernels/scheduler.ts. A clock is read once an operation and
// chunk.

import type { TimedEvent, TimedOperation, Timeline } from '../backend.ts';
import type { Allocator } from './allocator.ts';
import type { Compiled, ProgramTable } from './compile.ts';
import type { Kernels } from './module.ts';
import type { PhaseSpec } from './phases.ts';
import { OPCODE, SYNC } from './words.ts';

export interface Probe {
  /** Runs a table with the probe on, and collects what the threads noted. */
  run(table: ProgramTable, kernels: Kernels): void;
  /** Times the caller's side of a call. */
  call(call: 'run' | 'update', work: () => void): void;
  take(): Timeline;
  close(): void;
}

const EVENT_BYTES = 24;
const HEAD_BYTES = 8;
/** Operation number of a wait; the same number as in kernels/scheduler.ts. */
const WAIT = 0xffff;

const KERNELS = new Map<number, string>(Object.entries(OPCODE).map(([kernel, opcode]) => [opcode, kernel]));

/** Events of one run, at most, should one thread do all of it. */
function mostEvents(phases: readonly PhaseSpec[], chunks: number): number {
  const own = ({ kind, ops }: PhaseSpec): number =>
    kind === 'chunks' ? chunks * ops.length : ops.reduce((sum, { items }) => sum + items, 0);
  return phases.reduce((sum, phase) => sum + own(phase) + 1, 0);
}

interface Numbered {
  readonly operations: readonly TimedOperation[];
  /** [table][phase]: number of the phase's first operation; that of its wait is last. */
  readonly first: ReadonlyMap<ProgramTable, readonly number[]>;
}

function numberOperations(tables: readonly ProgramTable[]): Numbered {
  const operations: TimedOperation[] = [];
  const first = new Map<ProgramTable, readonly number[]>();
  for (const table of tables) {
    first.set(
      table,
      table.phases.map(({ ops }) => {
        const from = operations.length;
        for (const { opcode, of } of ops) operations.push({ kernel: KERNELS.get(opcode)!, ...of });
        operations.push({ kernel: 'wait', layer: '', stage: ops[0]?.of.stage ?? 'forward' });
        return from;
      }),
    );
  }
  return { operations, first };
}

/** What one thread noted of one run, as it lay in memory: decoded when asked for, as that takes longer than noting. */
interface Notes {
  readonly table: ProgramTable;
  readonly thread: number;
  readonly bytes: Uint8Array;
}

export function openProbe(compiled: Compiled, allocator: Allocator, threads: number): Probe {
  const tables = [compiled.run, compiled.update, compiled.refresh];
  const chunks = Math.ceil(compiled.microBatch / compiled.chunkSamples);
  const capacity = Math.max(...tables.map(({ phases }) => mostEvents(phases, chunks)));
  const stride = HEAD_BYTES + capacity * EVENT_BYTES;
  const place = allocator.allocate(threads * stride);
  const { operations, first } = numberOperations(tables);
  let notes: Notes[] = [];
  let calls: { call: 'run' | 'update'; begin: number; end: number }[] = [];

  const collect = (table: ProgramTable): void => {
    for (let thread = 0; thread < threads; thread++) {
      const from = place + thread * stride;
      const count = Math.min(new Int32Array(allocator.memory.buffer, from, 1)[0]!, capacity);
      const bytes = new Uint8Array(allocator.memory.buffer, from + HEAD_BYTES, count * EVENT_BYTES).slice();
      notes.push({ table, thread, bytes });
    }
  };

  const eventsOf = ({ table, thread, bytes }: Notes): TimedEvent[] => {
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / EVENT_BYTES }, (_, n) => {
      const at = n * EVENT_BYTES;
      const tag = view.getUint32(at + 16, true);
      const [phase, op] = [tag >>> 16, tag & 0xffff];
      const operation = first.get(table)![phase]! + (op === WAIT ? table.phases[phase]!.ops.length : op);
      const [begin, end] = [view.getFloat64(at, true), view.getFloat64(at + 8, true)];
      return { thread, operation, item: view.getInt32(at + 20, true), begin, end };
    });
  };

  return {
    run(table, kernels) {
      const words = new Int32Array(allocator.memory.buffer);
      for (let thread = 0; thread < threads; thread++) words.set([0, capacity], (place + thread * stride) / 4);
      words[SYNC.probeStride] = stride;
      words[SYNC.probe] = place;
      try {
        kernels.run(table.address);
      } finally {
        words[SYNC.probe] = 0;
      }
      collect(table);
    },
    call(call, work) {
      const begin = performance.now();
      work();
      calls.push({ call, begin, end: performance.now() });
    },
    take() {
      const taken = { threads, operations, events: notes.flatMap(eventsOf), calls };
      [notes, calls] = [[], []];
      return taken;
    },
    close: () => allocator.free(place),
  };
}
