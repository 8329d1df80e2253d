// Time against activity: event by event and as a matrix product, for a layer and for whole networks in which every layer's
// input fires at the same rate, beside the ANN of the same sizes. Where the two ways cross is what the engine's `auto` follows.

import { type Backend, type Program, wasmBackend } from '../src/engine/index.ts';
import { lower, writeWeights } from '../src/lower/index.ts';
import { initialWeights, lif, mlp } from '../src/model/index.ts';
import { atRate, crossing, type LayerCurve, layerCurve, pairs } from './curve.ts';
import { encoderOp, type LayerSize, productOp } from './layer-ops.ts';
import { interleave } from './statistics.ts';
import { digits, textTable } from './text-table.ts';

/** Spikes a neuron and step, in per cent. */
export const RATES = [1, 2, 5, 10, 20, 30, 40, 50, 70, 90];
export const TIMESTEPS = [1, 2, 4, 8, 16, 25];

const LAYER: LayerSize = { inputs: 1024, outputs: 1024, timesteps: 25, samples: 16 };
const SIZES = [784, 256, 256, 10];
const IMAGES = 512;
const ROUNDS = 5;

/** The network SIZES for T steps, its spikes given; microseconds an image at each of RATES, without making those spikes. */
export interface NetworkCurve {
  readonly timesteps: number;
  readonly events: readonly number[];
  readonly dense: readonly number[];
  readonly crossing: number | null;
  /** Per cent below which the spiking network takes less time than the ANN; 0 if it never does, null if at all of RATES. */
  readonly belowAnn: number | null;
}

export interface Crossover {
  readonly rates: readonly number[];
  readonly layer: LayerSize;
  readonly layers: readonly LayerCurve[];
  readonly sizes: readonly number[];
  readonly networks: readonly NetworkCurve[];
  /** The ANN, all of it as matrix products; microseconds an image. */
  readonly ann: number;
}

/** One thread: what is compared is work, not how it spreads. */
export async function benchCrossover(repeats: number): Promise<Crossover> {
  const events = await wasmBackend({ threads: 1, path: 'events' });
  const dense = await wasmBackend({ threads: 1, path: 'dense' });
  const rounds = ROUNDS * repeats;
  const layers = (['forward', 'gradient'] as const).flatMap((product) =>
    (['spikes', 'analog'] as const).map((kind) => {
      const make = (density: number) => productOp(product, kind, density, LAYER);
      return layerCurve({ events, dense }, product, kind, RATES, make, rounds);
    }),
  );
  const ann = annTime(dense, rounds);
  const networks = TIMESTEPS.map((timesteps) => networkCurve(events, dense, timesteps, ann, rounds));
  await events.close();
  await dense.close();
  return { rates: RATES, layer: LAYER, layers, sizes: SIZES, networks, ann };
}

const RATE = { kind: 'rate', gain: 1, offset: 0 } as const;
const BYTES = { source: 'bytes', scale: 1 / 255 } as const;

/** A network that passes its input's rate on: each neuron copies one input. Times do not depend on the weights' values. */
function relayNetwork(backend: Backend, timesteps: number): Program {
  const spec = mlp(SIZES, { neuron: lif({ beta: 0, threshold: 0.5 }), bias: true });
  const lowered = lower(spec, { mode: 'snn', timesteps, encoder: RATE, input: BYTES, purpose: 'infer' });
  const program = backend.compile(lowered.plan, { samples: IMAGES });
  const weights = initialWeights(spec, 1);
  for (const [id, values] of weights) {
    values.fill(0);
    const layer = /^fc(\d)\/weight$/.exec(id);
    const [inputs, outputs] = layer === null ? [0, 0] : sizesOf(Number(layer[1]));
    for (let o = 0; o < outputs; o++) values[((o * 3) % inputs) * outputs + o] = 1;
  }
  writeWeights(program, lowered, weights);
  return program;
}

/** What makes the spikes, alone: its time is taken off, as a sensor of events would deliver them. */
function encoderAlone(backend: Backend, timesteps: number): Program {
  const op = encoderOp(0, { inputs: SIZES[0]!, outputs: 0, timesteps, samples: IMAGES });
  const { tensors = [], forward = [] } = op.copy(0);
  const load = { kernel: 'load', layer: 'input', source: 'bytes', scale: 1 / 255, x: 'x' } as const;
  const plan = { timesteps, tensors: [...op.base.tensors, ...tensors], parameters: [], forward: [load, ...forward] };
  return backend.compile({ ...plan, backward: [], gradients: [], update: [] }, { samples: IMAGES });
}

const sizesOf = (layer: number): [number, number] => [SIZES[layer - 1]!, SIZES[layer]!];

function networkCurve(events: Backend, dense: Backend, timesteps: number, ann: number, rounds: number): NetworkCurve {
  const programs = [relayNetwork(events, timesteps), relayNetwork(dense, timesteps), encoderAlone(events, timesteps)];
  const curves = RATES.map((rate) => {
    const input = new Uint8Array(IMAGES * SIZES[0]!).fill(Math.round((rate / 100) * 255));
    const works = programs.map((program) => () => program.run({ samples: IMAGES, input, seed: 1, epoch: 0 }));
    return interleave(works, 1, rounds).map(({ min }) => (min * 1e3) / IMAGES);
  });
  const net = (side: number): number[] => curves.map((times) => times[side]! - times[2]!);
  for (const program of programs) program.close();
  const [fast, slow] = [net(0), net(1)];
  const level = RATES.map(() => ann);
  const below = fast[0]! < ann ? crossing(fast, level, RATES) : 0;
  return { timesteps, events: fast, dense: slow, crossing: crossing(fast, slow, RATES), belowAnn: below };
}

function annTime(backend: Backend, rounds: number): number {
  const spec = mlp(SIZES);
  const lowered = lower(spec, { mode: 'ann', timesteps: 1, input: BYTES, purpose: 'infer' });
  const program = backend.compile(lowered.plan, { samples: IMAGES });
  writeWeights(program, lowered, initialWeights(spec, 1));
  const input = Uint8Array.from({ length: IMAGES * SIZES[0]! }, (_, i) => (i * 7919) % 256);
  const [timing] = interleave([() => program.run({ samples: IMAGES, input, seed: 1, epoch: 0 })], 2, 4 * rounds);
  program.close();
  return (timing!.min * 1e3) / IMAGES;
}

export function crossoverText({ layer, layers, sizes, networks, ann }: Crossover): string {
  const rates = RATES.map((rate) => `${rate} %`);
  const layerRows = layers.map((curve) => [
    `${curve.product}, ${curve.kind}`,
    atRate(curve.crossing, 'above 90 %'),
    ...pairs(curve),
  ]);
  const networkRows = networks.map((curve) => [
    `T = ${curve.timesteps}`,
    curve.belowAnn === 0 ? 'never' : atRate(curve.belowAnn, 'always'),
    atRate(curve.crossing, 'above 90 %'),
    ...pairs(curve),
  ]);
  return [
    `Layer ${layer.inputs} x ${layer.outputs}, T = ${layer.timesteps}, one thread: us an image, events / dense, by share of nonzero inputs`,
    textTable(['product', 'cross at', ...rates], layerRows),
    '',
    `Network ${sizes.join('-')}, one thread: us an image, events / dense, by spike rate of every layer, encoding not counted; the ANN takes ${digits(ann)} us`,
    textTable(['', 'faster than ANN below', 'cross at', ...rates], networkRows),
  ].join('\n');
}
