// The tables of kernels/conv.ts: for each target pixel, which source pixels meet it through which taps.

import type { Window } from '../plan.ts';

/** Words of a segment: source pixel, tap, taps in a row, source line, source column. */
const SEGMENT_WORDS = 5;

interface Tap {
  readonly source: number;
  readonly tap: number;
  readonly line: number;
  readonly column: number;
}

/** Pairs (source position, tap) of each target position along one axis, taps ascending. */
function axisForward(input: number, output: number, kernel: number, stride: number, padding: number, dilation: number) {
  return Array.from({ length: output }, (_, o) => {
    const taps: [number, number][] = [];
    for (let k = 0; k < kernel; k++) {
      const i = o * stride - padding + k * dilation;
      if (i >= 0 && i < input) taps.push([i, k]);
    }
    return taps;
  });
}

/** The same seen from the input; taps count from the end, so that sources ascend. */
function axisBackward(
  input: number,
  output: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation: number,
) {
  const targets: [number, number][][] = Array.from({ length: input }, () => []);
  axisForward(input, output, kernel, stride, padding, dilation).forEach((taps, o) => {
    for (const [i, k] of taps) targets[i]!.push([o, kernel - 1 - k]);
  });
  for (const taps of targets) taps.sort(([, a], [, b]) => a - b);
  return targets;
}

function axes(window: Window, axis: 0 | 1, backward: boolean): [number, number][][] {
  const { input, output, kernel, stride, padding, dilation } = window;
  const along = backward ? axisBackward : axisForward;
  return along(input[axis], output[axis], kernel[axis], stride[axis], padding[axis], dilation[axis]);
}

/** Runs in which sources and taps both ascend by one, on one line. */
function segmentsOf(taps: readonly Tap[]): number[][] {
  const segments: number[][] = [];
  let last: Tap | undefined;
  for (const tap of taps) {
    const joins =
      last !== undefined && tap.line === last.line && tap.source === last.source + 1 && tap.tap === last.tap + 1;
    if (joins) segments.at(-1)![2]! += 1;
    else segments.push([tap.source, tap.tap, 1, tap.line, tap.column]);
    last = tap;
  }
  return segments;
}

/**
 * The table of output pixels (or, `backward`, of input pixels) as words; its starts are byte offsets from the table's own
 * beginning, to be made addresses.
 */
export function windowTable(window: Window, backward: boolean): Uint32Array {
  const [lines, columns] = [axes(window, 0, backward), axes(window, 1, backward)];
  const width = backward ? window.output[1] : window.input[1];
  const starts: number[] = [];
  const words: number[] = [];
  const head = lines.length * columns.length + 1;
  for (const line of lines)
    for (const column of columns) {
      starts.push((head + words.length) * 4);
      const taps = line.flatMap(([y, ky]) =>
        column.map(([x, kx]) => ({ source: y * width + x, tap: ky * window.kernel[1] + kx, line: y, column: x })),
      );
      for (const segment of segmentsOf(taps)) words.push(...segment);
    }
  starts.push((head + words.length) * 4);
  return Uint32Array.from([...starts, ...words]);
}

/** An upper bound of a table's bytes, without making it. */
export function windowTableBytes({ output, kernel }: Window): number {
  return 4 + output[0] * output[1] * (4 + kernel[0] * kernel[1] * SEGMENT_WORDS * 4);
}
