// Runs the ANN over calibration samples and measures how large the activations of each slot become.

import type { Dataset } from '../data/index.ts';
import type { Backend } from '../engine/index.ts';
import {
  channelsOf,
  inferShapes,
  type NetworkSpec,
  type SlotSpec,
  sizeOf,
  sourcesOf,
  type Weights,
} from '../model/index.ts';
import { ceilingOf } from './ceiling.ts';
import type { CalibrateOptions, ChannelScales, Scales } from './options.ts';
import { prepareNetwork } from './prepare.ts';
import { forEachBatch, samplesOf } from './run-batches.ts';
import { checkMode, type ScaleMeter, scaleMeter, scheduledPercentile } from './scale-meter.ts';

/**
 * Scale of every slot of `spec` read as an ANN and prepared for conversion (norms folded, average pools for max pools if asked).
 * A slot that is always zero gets 1, a quantised activation its ceiling; of an identity only the positive values are
 * measured, which is what spikes could carry. Throws ConfigError, ConversionRefusal, NumericError, and InterruptedError when stopped.
 */
export async function calibrate(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  options: CalibrateOptions,
): Promise<Scales> {
  const measured = await measure(backend, spec, weights, dataset, options, false);
  return new Map(measured.map(({ slot, whole }) => [slot, whole.scale()]));
}

/**
 * As `calibrate`, with a scale for each channel of a map, over its pixels; flat signals keep one a layer. A channel whose
 * percentile is 0 takes its maximum, one that is always zero the scale of its layer.
 */
export async function calibrateChannels(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  options: CalibrateOptions,
): Promise<ChannelScales> {
  const measured = await measure(backend, spec, weights, dataset, options, true);
  return new Map(
    measured.map(({ slot, whole, channels }) => [
      slot,
      channels.length === 0 ? whole.scale() : channels.map((meter) => channelScale(meter, whole)),
    ]),
  );
}

function channelScale(channel: ScaleMeter, layer: ScaleMeter): number {
  const [scale, largest] = [channel.measured(), channel.largest()];
  if (scale > 0 && Number.isFinite(scale)) return scale;
  return largest > 0 && Number.isFinite(largest) ? largest : layer.scale();
}

interface Measured {
  readonly slot: string;
  /** The layer whose values are measured: the slot, or for an identity what it reads. */
  readonly layer: string;
  readonly rectify: boolean;
  readonly whole: ScaleMeter;
  /** One a channel; none for a flat signal or a fixed scale. */
  readonly channels: readonly ScaleMeter[];
}

async function measure(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  options: CalibrateOptions,
  byChannel: boolean,
): Promise<readonly Measured[]> {
  checkMode(options);
  const prepared = prepareNetwork(spec, weights, options);
  const samples = samplesOf(dataset, options.samples);
  const meters = metersOf(prepared.spec, prepared.weights, options, samples, byChannel);
  await forEachBatch(
    backend,
    {
      ...prepared,
      mode: 'ann',
      timesteps: 1,
      observe: { activations: [...new Set(meters.map(({ layer }) => layer))] },
    },
    dataset,
    { ...options, samples, what: 'calibrate' },
    (program, { activations }) => {
      for (const meter of meters) addTo(meter, program.tensor(activations.get(meter.layer)!));
    },
  );
  return meters;
}

function metersOf(
  spec: NetworkSpec,
  weights: Weights,
  options: CalibrateOptions,
  samples: number,
  byChannel: boolean,
): readonly Measured[] {
  const shapes = inferShapes(spec);
  const sources = sourcesOf(spec);
  let index = 0;
  return spec.layers.flatMap((layer, i) => {
    if (layer.kind !== 'slot') return [];
    const percentile = scheduledPercentile(options, index++);
    const shape = shapes[i]!.output;
    const meter = (most: number): ScaleMeter => meterFor(layer, weights, { ...options, percentile }, most);
    const split = byChannel && shape.length === 3 && !isQuantized(layer);
    const channels = split ? channelsOf(shape) : 0;
    return {
      slot: layer.name,
      layer: layer.ann === 'identity' ? sources[i]![0]! : layer.name,
      rectify: layer.ann === 'identity',
      whole: meter(samples * sizeOf(shape)),
      channels: Array.from({ length: channels }, () => meter((samples * sizeOf(shape)) / channels)),
    };
  });
}

const isQuantized = ({ ann }: SlotSpec): boolean => typeof ann === 'object' && ann.kind === 'quantized';

/** A quantised activation has learned its scale. */
function meterFor(slot: SlotSpec, weights: Weights, options: CalibrateOptions, most: number): ScaleMeter {
  const ceiling = ceilingOf(slot, weights);
  if (ceiling === undefined) return scaleMeter(slot.name, options, most);
  const fixed = (): number => ceiling;
  return { add: () => {}, largest: fixed, measured: fixed, scale: fixed };
}

function addTo({ rectify, whole, channels }: Measured, values: Float32Array | Float64Array): void {
  const activations = rectify ? values.filter((x) => x > 0) : values;
  whole.add(activations);
  channels.forEach((meter, channel) => {
    meter.add(everyNth(values, channel, channels.length));
  });
}

function everyNth(values: ArrayLike<number>, from: number, step: number): Float32Array {
  const chosen = new Float32Array(Math.floor((values.length - from + step - 1) / step));
  for (let k = 0; k < chosen.length; k++) chosen[k] = values[from + k * step]!;
  return chosen;
}
