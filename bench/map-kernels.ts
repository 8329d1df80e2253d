// Kernels on maps. Convolutions in flops of the direct way, also where fewer are done; what only passes over maps in bytes read and
// written, beside a copy within the second-level cache, as chunks are made to stay there.

import type { PoolMode } from '../src/engine/index.ts';
import { type ConvSize, convOp, type MapSize, macsOf, mapNeuronOp, normOp, poolOp, valuesIn } from './conv-ops.ts';
import { COMMON_DYNAMICS, type KernelBench } from './kernel-bench.ts';
import type { InputKind, Product } from './layer-ops.ts';

const FIRST: ConvSize = { map: [32, 32], channels: 3, filters: 32, kernel: [3, 3], timesteps: 1, samples: 16 };
const MIDDLE: ConvSize = { map: [16, 16], channels: 64, filters: 64, kernel: [3, 3], timesteps: 5, samples: 4 };
const LAST: ConvSize = { ...MIDDLE, map: [8, 8], channels: 128, filters: 128 };
/** As many taps as 3x3, which Winograd's way does not take. */
const LINE: ConvSize = { ...MIDDLE, kernel: [1, 9] };
const MAP: MapSize = { map: [32, 32], channels: 32, timesteps: 5, samples: 4 };

const nameOf = ({ map, channels, filters, kernel }: ConvSize): string =>
  `${kernel.join('x')}, ${channels} to ${filters} at ${map.join('x')}`;

const dense = (product: Product, size: ConvSize, note = ''): KernelBench => ({
  kernel: `conv ${product}, ${nameOf(size)}${note}`,
  unit: 'GFLOP/s',
  path: 'dense',
  work: 2 * macsOf(size),
  op: convOp(product, 'analog', 0.5, size),
});

const events = (product: Product, kind: InputKind, density: number): KernelBench => ({
  kernel: `conv events ${product}, ${nameOf(MIDDLE)}, ${kind} ${100 * density} %`,
  unit: 'G additions/s',
  path: 'events',
  work: density * macsOf(MIDDLE),
  op: convOp(product, kind, density, MIDDLE),
});

/** Bytes of a value. */
const BYTES = { analog: 4, spikes: 1 / 8 };

/** A pool reads a map and writes a quarter of it; its way back the other way round, and a maximum looks for itself again. */
function pool(direction: 'forward' | 'backward', mode: PoolMode, kind: InputKind): KernelBench {
  const values = valuesIn(MAP);
  const output = kind === 'spikes' && mode === 'max' ? BYTES.spikes : BYTES.analog;
  const back = BYTES.analog * 1.25 + (mode === 'max' ? BYTES[kind] : 0);
  return {
    kernel: `${mode} pool ${direction}, 2x2, ${kind}`,
    unit: 'GB/s',
    path: 'auto',
    work: values * (direction === 'forward' ? BYTES[kind] + output / 4 : back),
    op: poolOp(direction, mode, kind, MAP),
  };
}

/** Maps read and written: with statistics of the batch x is read once more, and on the way back dy too. */
const NORM_MAPS = { running: 2, batch: 3, backward: 5 } as const;

const norms = (): KernelBench[] =>
  (['running', 'batch', 'backward'] as const).map((what) => ({
    kernel: what === 'backward' ? 'batch norm backward' : `batch norm by ${what} statistics`,
    unit: 'GB/s',
    path: 'auto',
    work: 4 * NORM_MAPS[what] * valuesIn(MAP),
    op: normOp(what, MAP),
  }));

/** Forward: current in, charge and spikes out. Backward: charge, spikes and their gradient in, that of the current out. */
const neurons = (): KernelBench[] =>
  (['forward', 'backward'] as const).map((direction) => ({
    kernel: `neurons on maps ${direction}`,
    unit: 'GB/s',
    path: 'auto',
    work: (direction === 'forward' ? 8.125 : 12.125) * valuesIn(MAP),
    op: mapNeuronOp(direction, COMMON_DYNAMICS, MAP),
  }));

export const mapBenches = (): KernelBench[] => [
  dense('forward', FIRST),
  dense('gradient', FIRST),
  ...[MIDDLE, LAST].flatMap((size) => (['forward', 'gradient'] as const).map((product) => dense(product, size))),
  ...[MIDDLE, LAST].map((size) => dense('backward', size, ' (Winograd)')),
  dense('backward', LINE, ' (direct)'),
  ...(['forward', 'gradient'] as const).flatMap((product) =>
    (['spikes', 'analog'] as const).flatMap((kind) =>
      [0.02, 0.1, 0.3].map((density) => events(product, kind, density)),
    ),
  ),
  pool('forward', 'average', 'spikes'),
  pool('forward', 'average', 'analog'),
  pool('forward', 'max', 'spikes'),
  pool('forward', 'max', 'analog'),
  pool('backward', 'average', 'analog'),
  pool('backward', 'max', 'analog'),
  ...norms(),
  ...neurons(),
];
