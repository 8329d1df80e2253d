// A profile in words: what was run, what the machine can do, where memory is, and how to read the table.

import type { Profile } from '../../profile/index.ts';
import { percent, quantity, significant } from '../quantity.ts';

const STAGES = {
  forward: 'forward',
  backward: 'backward',
  gradients: 'gradients',
  update: 'update',
  refresh: 'update',
} as const;

/** Transposed copies of weights are renewed as a part of the update. */
export const stageName = (stage: keyof typeof STAGES): string => STAGES[stage];

const samplesWords = (samples: number): string => (samples === 1 ? '1 sample' : `${samples} samples`);
const threadsWords = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`);
const rate = (perSecond: number, unit: string): string => `${significant(perSecond / 1e9)} G${unit}/s`;

/** `mlp as SNN, T = 20, training step: 40.7 ms for 128 samples on 2 threads, 318 µs a sample.` */
export function profileHeadline({ network, mode, timesteps, purpose, steps, batchSize, threads }: Profile): string {
  const what = mode === 'ann' ? 'ANN' : `SNN, T = ${timesteps}`;
  const job = purpose === 'train' ? 'training step' : 'inference';
  const time = quantity(steps.plain, 'seconds');
  const each = quantity(steps.plain / batchSize, 'seconds');
  return `${network} as ${what}, ${job}: ${time} for ${samplesWords(batchSize)} on ${threadsWords(threads)}, ${each} a sample.`;
}

/** What this machine can do at most. */
export function roofWords({ roof }: Profile): string {
  const { flopsPerSecond, bandwidths, threads } = roof;
  const of = ({ one, all }: { readonly one: number; readonly all: number }, unit: string): string =>
    threads === 1 ? rate(all, unit) : `${rate(one, unit)} on one thread, ${rate(all, unit)} on ${threads}`;
  const sets = bandwidths.map(
    ({ workingSet, bytesPerSecond }) => `${quantity(workingSet, 'bytes')}: ${of(bytesPerSecond, 'B')}`,
  );
  return `Roof, measured just after: ${of(flopsPerSecond, 'FLOP')}; going over a working set of ${sets.join('; ')}.`;
}

const USES = [
  ['parameters', 'parameters'],
  ['transposed', 'transposed weights'],
  ['kept', 'kept tensors'],
  ['scratch', 'scratch'],
  ['staging', 'staged input'],
  ['tables', 'window tables'],
] as const;

export function memoryWords({ memory, batches }: Profile): string {
  const { uses, program, heap, resident } = memory;
  const parts = USES.filter(([use]) => (uses?.[use] ?? 0) > 0).map(
    ([use, name]) => `${name} ${quantity(uses![use], 'bytes')}`,
  );
  const js =
    heap === undefined
      ? 'JavaScript heap: unknown here'
      : `JavaScript heap ${quantity(heap.after, 'bytes')}, ${growthWords(heap.after - heap.before, batches)}`;
  const held =
    resident === undefined
      ? ''
      : ` Process: ${quantity(resident.now, 'bytes')} resident, ${quantity(resident.peak, 'bytes')} at most.`;
  const detail = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  return `Memory of the program: ${quantity(program, 'bytes')}${detail}. ${js}.${held}`;
}

/** Both programs ran each of the batches once. */
const growthWords = (bytes: number, batches: number): string =>
  bytes < 0
    ? `${quantity(-bytes, 'bytes')} less than before (garbage was collected)`
    : `${quantity(bytes, 'bytes')} more after ${batches} pairs of batches`;

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percent(Math.abs(share), 1)}`;

/** Share of a batch's time that the probe may add before it is said. */
const TOLERABLE = 0.03;
const OVERHEAD_WARNING =
  'That is more than 3 %: these batches are so short that the probe counts; larger ones tell better where the time goes.';

/** How to read the table, and what measuring cost. */
export function profileNotes({ steps, batches, batchSize, table, purpose }: Profile): readonly string[] {
  return [
    `Means over ${batches} batches of ${samplesWords(batchSize)}. Times are of threads: all rows together are ${table.threads} × ${quantity(table.wallSeconds / batches, 'seconds')}.`,
    'Done: FLOP of the work done, two for a multiply-add, one for an addition. Dense: as if no zero had been skipped. Traffic: each operand once, as it lies in memory. Rates are of one thread while it ran the kernel.',
    'Roof: the time a thread here needs at least for such arithmetic or such traffic, over the time it took; above 100 % where operands were nearer than assumed.',
    `The probe: ${signed(steps.overhead.value)} % a batch (median of ${batches} pairs with it and without; 95 % interval ${signed(steps.overhead.low)} to ${signed(steps.overhead.high)} %); cutting samples out of the dataset before a batch: ${quantity(steps.stage, 'seconds')}, not in the table. The caller itself: staging, starting and collecting.`,
    ...(steps.overhead.low > TOLERABLE ? [OVERHEAD_WARNING] : []),
    ...(purpose === 'train' ? ['The learning rate was 0, so that the network stayed as it was.'] : []),
  ];
}
