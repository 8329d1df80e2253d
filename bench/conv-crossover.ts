// Where events beat the matrix product in a convolution: three layers of the five-layer CNN, forward and weight gradient.

import { wasmBackend } from '../src/engine/index.ts';
import { type ConvSize, convOp } from './conv-ops.ts';
import { atRate, type LayerCurve, layerCurve, pairs } from './curve.ts';
import { textTable } from './text-table.ts';

/** Nonzero inputs, in per cent. */
const RATES = [1, 2, 5, 10, 20, 30, 50, 70, 100];
const ROUNDS = 3;

const layer = (side: number, channels: number): ConvSize => ({
  ...{ map: [side, side], channels, filters: channels, kernel: [3, 3], timesteps: 5, samples: 8 },
});
const LAYERS = [layer(32, 32), layer(16, 64), layer(8, 128)];

export interface ConvCrossover {
  readonly rates: readonly number[];
  readonly layers: readonly { readonly size: ConvSize; readonly curves: readonly LayerCurve[] }[];
}

/** One thread: what is compared is work, not how it spreads. */
export async function benchConvCrossover(repeats: number): Promise<ConvCrossover> {
  const ways = {
    events: await wasmBackend({ threads: 1, path: 'events' }),
    dense: await wasmBackend({ threads: 1, path: 'dense' }),
  };
  const layers = LAYERS.map((size) => ({
    size,
    curves: (['forward', 'gradient'] as const).flatMap((product) =>
      (['spikes', 'analog'] as const).map((kind) => {
        const make = (density: number) => convOp(product, kind, density, size);
        return layerCurve(ways, product, kind, RATES, make, ROUNDS * repeats);
      }),
    ),
  }));
  for (const backend of Object.values(ways)) await backend.close();
  return { rates: RATES, layers };
}

export function convCrossoverText({ rates, layers }: ConvCrossover): string {
  const rows = layers.flatMap(({ size: { map, channels, filters }, curves }) =>
    curves.map((curve) => [
      `${channels} to ${filters} at ${map.join('x')}, ${curve.product}, ${curve.kind}`,
      atRate(curve.crossing, 'never'),
      ...pairs(curve),
    ]),
  );
  const header = ['3x3 convolution', 'cross at', ...rates.map((rate) => `${rate} %`)];
  return `Convolutions, T = ${layers[0]!.size.timesteps}, one thread: us an image, events / dense, by share of nonzero inputs\n${textTable(header, rows)}`;
}
