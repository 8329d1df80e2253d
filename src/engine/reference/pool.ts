// Pooling of each channel of a map: the first maximum of a window (of spikes: their OR), its average with padding as zeros, or the
// spikes of the window's winner, the input that has spiked most so far (this step included; the first of several).

import type { BackwardOp, ForwardOp } from '../plan.ts';
import type { Run, Tensor } from './run.ts';
import { channelsOf, type Tap, tapsByOutput } from './window.ts';

/** Calls `visit` for every row, output pixel and channel, with the pixel's taps. */
function forEachWindow(
  taps: readonly Tap[][],
  rows: number,
  channels: number,
  visit: (row: number, output: number, channel: number, taps: readonly Tap[]) => void,
): void {
  for (let row = 0; row < rows; row++)
    for (const [output, own] of taps.entries()) for (let c = 0; c < channels; c++) visit(row, output, c, own);
}

/** Input pixel of the first largest score among the taps. */
function firstMaximum(taps: readonly Tap[], scoreOf: (pixel: number) => number): number {
  let best = taps[0]!.input;
  for (const { input } of taps) if (scoreOf(input) > scoreOf(best)) best = input;
  return best;
}

export function pool(op: Extract<ForwardOp, { kernel: 'pool' }>, run: Run): void {
  const x = run.tensor(op.x);
  const y = run.tensor(op.y);
  const C = channelsOf(x.spec);
  const size = op.window.kernel[0] * op.window.kernel[1];
  const scores = op.mode === 'winner' ? spikesSoFar(x, run.samples) : x.data;
  forEachWindow(tapsByOutput(op.window), run.samples * x.rows, C, (row, output, c, taps) => {
    const at = (pixel: number): number => row * x.features + pixel * C + c;
    y.data[row * y.features + output * C + c] =
      op.mode === 'average'
        ? taps.reduce((sum, { input }) => sum + x.data[at(input)]!, 0) / size
        : x.data[at(firstMaximum(taps, (pixel) => scores[at(pixel)]!))]!;
  });
}

/** Running sums over the time steps of each sample. */
function spikesSoFar({ data, rows, features }: Tensor, samples: number): Float64Array {
  const sums = data.slice(0, samples * rows * features);
  for (let row = 0; row < samples * rows; row++)
    if (row % rows > 0) for (let k = row * features; k < (row + 1) * features; k++) sums[k]! += sums[k - features]!;
  return sums;
}

export function poolBackward(op: Extract<BackwardOp, { kernel: 'pool-backward' }>, run: Run): void {
  const x = run.tensor(op.x);
  const dy = run.tensor(op.dy);
  const dx = run.tensor(op.dx);
  const C = channelsOf(x.spec);
  const size = op.window.kernel[0] * op.window.kernel[1];
  dx.data.fill(0, 0, run.samples * x.rows * x.features);
  forEachWindow(tapsByOutput(op.window), run.samples * x.rows, C, (row, output, c, taps) => {
    const at = (pixel: number): number => row * x.features + pixel * C + c;
    const upstream = dy.data[row * dy.features + output * C + c]!;
    if (op.mode === 'max') dx.data[at(firstMaximum(taps, (pixel) => x.data[at(pixel)]!))]! += upstream;
    else for (const { input } of taps) dx.data[at(input)]! += upstream / size;
  });
}
