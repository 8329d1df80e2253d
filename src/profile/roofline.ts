// Measures the roof: the engine's matrix product on operands in cache, and a rectifier that streams over arrays of three sizes. Best
// of several runs, since the machine may be doing other things.

import { UnsupportedError } from '../core/index.ts';
import type { Backend, Plan, Program, TimedEvent, Timeline } from '../engine/index.ts';
import type { Bandwidth, OneAndAll, Roof } from './roof.ts';

/** Samples of a chunk in plans of one time step. */
const ROWS = 24;
const WIDTH = 256;
const PRODUCTS = 16;
/** Two arrays of this many bytes together: in the second-level cache, in the last one, on its edge, in memory. */
const WORKING_SETS = [2 ** 17, 2 ** 21, 2 ** 24, 2 ** 26];
/** Working sets from here on are gone over twice a run, smaller ones often, so that the clock does not count. */
const LARGE = 2 ** 22;
/** Chunks a thread, so that one that wakes late finds some left. */
const CHUNKS = 4;
/** All threads together go over no more than this. */
const MOST_BYTES = 2 ** 28;
/** Milliseconds given to each measurement. */
const PATIENCE = 60;
const FEWEST_RUNS = 3;
/** As long is waited for a run in which all threads take part: others may have the cores. */
const MOST_PATIENCE = 600;

/** Takes a second or two. Throws UnsupportedError for a backend that cannot note when operations ran. */
export function measureRoof(backend: Backend): Roof {
  const started = performance.now();
  const { threads } = backend;
  const product = { kernel: 'dense', amount: 2 * ROWS * WIDTH * WIDTH };
  const flopsPerSecond = measure(backend, productPlan(), WIDTH, product);
  const bandwidths = WORKING_SETS.map((wanted): Bandwidth => {
    const workingSet = Math.min(wanted, MOST_BYTES / threads);
    const features = Math.max(32, Math.floor(workingSet / (2 * ROWS * 4) / 32) * 32);
    const amount = 2 * ROWS * features * 4;
    const streamed = { kernel: 'relu', amount };
    return {
      workingSet: amount,
      bytesPerSecond: measure(backend, streamPlan(features, workingSet < LARGE ? 32 : 2), features, streamed),
    };
  });
  const seconds = (performance.now() - started) / 1e3;
  return { source: 'measured', threads, flopsPerSecond, bandwidths, seconds };
}

const EMPTY = { timesteps: 1, parameters: [], backward: [], gradients: [], update: [] } as const;

const chain = (length: number, features: number): Plan['tensors'] =>
  Array.from({ length: length + 1 }, (_, k) => ({
    ...{ id: `x${k}`, rows: 'sample', features, values: 'analog', keep: 'chunk' },
  }));

const load = { kernel: 'load', layer: '', source: 'bytes', scale: 1, x: 'x0' } as const;

/** One layer after the other, all with the same weights. */
const productPlan = (): Plan => ({
  ...EMPTY,
  tensors: chain(PRODUCTS, WIDTH),
  parameters: [{ id: 'w', rows: WIDTH, columns: WIDTH, layer: '', role: 'weight' }],
  forward: [
    load,
    ...Array.from(
      { length: PRODUCTS },
      (_, k) => ({ kernel: 'dense', layer: '', x: `x${k}`, weight: 'w', y: `x${k + 1}` }) as const,
    ),
  ],
});

/** Reads one array and writes the other, to and fro. */
const streamPlan = (features: number, passes: number): Plan => ({
  ...EMPTY,
  tensors: chain(passes, features),
  forward: [
    load,
    ...Array.from({ length: passes }, (_, k) => ({ kernel: 'relu', layer: '', x: `x${k}`, y: `x${k + 1}` }) as const),
  ],
});

interface Measured {
  readonly kernel: string;
  /** Flops or bytes of one execution. */
  readonly amount: number;
}

function measure(backend: Backend, plan: Plan, features: number, measured: Measured): OneAndAll {
  const { threads } = backend;
  const samples = ROWS * threads * CHUNKS;
  const program = backend.compile(plan, { samples, probe: true });
  try {
    // Weights that keep the values as they are on average: none becomes zero, infinite, or too small to be normal.
    for (const { id, rows, columns } of plan.parameters)
      program.write(id, new Float32Array(rows * columns).fill(1 / rows));
    const input = new Uint8Array(samples * features).fill(1);
    const one = best(program, input, ROWS, measured, 1);
    return { one, all: threads === 1 ? one : best(program, input, samples, measured, threads) };
  } finally {
    program.close();
  }
}

/**
 * Best rate of the runs in which `threads` threads took part: the sum of what they reached, each in its own time. Where they never
 * did all together, the best of what there was.
 */
function best(program: Program, input: Uint8Array, samples: number, measured: Measured, threads: number): number {
  if (program.timeline === undefined)
    throw new UnsupportedError('profile: this backend cannot note when its operations ran; use the wasm engine');
  const rates = new Map<number, number>();
  const started = performance.now();
  for (let runs = 0; ; runs++) {
    const time = performance.now() - started;
    const enough = runs >= FEWEST_RUNS && time > PATIENCE && (rates.has(threads) || time > MOST_PATIENCE);
    if (enough) return rates.get(threads) ?? Math.max(...rates.values());
    program.run({ samples, input, seed: 0, epoch: 0 });
    const own = ratesOf(program.timeline(), measured);
    const total = own.reduce((sum, rate) => sum + rate, 0);
    rates.set(own.length, Math.max(rates.get(own.length) ?? 0, total));
  }
}

/** Of each thread that took part, in its own time. */
function ratesOf({ operations, events }: Timeline, { kernel, amount }: Measured): number[] {
  const own = new Map<number, TimedEvent[]>();
  for (const event of events)
    if (operations[event.operation]!.kernel === kernel)
      own.set(event.thread, [...(own.get(event.thread) ?? []), event]);
  return [...own.values()].map((each) => {
    const seconds = each.reduce((time, { begin, end }) => time + end - begin, 0) / 1e3;
    return (each.length * amount) / seconds;
  });
}
