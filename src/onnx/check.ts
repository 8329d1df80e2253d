// Does an exported file give what the engine gives? Both run the same random samples.

import { rng } from '../core/index.ts';
import type { Backend } from '../engine/index.ts';
import { lower, writeWeights } from '../lower/index.ts';
import { type NetworkSpec, sizeOf, type Weights } from '../model/index.ts';
import type { OnnxOptions } from './export.ts';
import { normalizePixels } from './normalize.ts';
import { type OnnxProvider, type OnnxRuntimeOptions, type OnnxUnavailable, openOnnx } from './runtime.ts';

export interface OnnxCheckOptions extends Pick<OnnxOptions, 'layout' | 'normalize'>, OnnxRuntimeOptions {
  /** Default 16. */
  readonly samples?: number;
  /** Of the samples, which are uniform in [0, 1). Default 0. */
  readonly seed?: number;
}

export interface OnnxCheck {
  readonly provider: OnnxProvider;
  readonly version: string;
  readonly samples: number;
  /** Largest difference of an output, as a share of the largest output. */
  readonly largestDifference: number;
  /** Samples with a difference above the tolerance. */
  readonly differing: number;
  /** No sample differs; of a network with quantised activations few do, as a sum that is rounded otherwise may cross a step. */
  readonly agrees: boolean;
}

/** Sums of float32 in another order differ by this much at most, as a share of the largest output: 100 layers deep with room to spare. */
export const ONNX_TOLERANCE = 1e-4;

/** Share of the samples that may fall on the other side of a step, if there are steps. */
const MOST_CROSSING = 1 / 8;

/**
 * Compares a file that `exportOnnx` wrote of `spec` and `weights`, with the same `layout` and `normalize`, with the engine. Throws
 * DataError if the runtime refuses the file.
 */
export async function checkOnnx(
  model: Uint8Array,
  spec: NetworkSpec,
  weights: Weights,
  backend: Backend,
  options: OnnxCheckOptions = {},
): Promise<OnnxCheck | OnnxUnavailable> {
  const { samples = 16, seed = 0, layout, normalize } = options;
  const session = await openOnnx(model, options);
  if ('unavailable' in session) return session;
  try {
    const generator = rng(seed, 0);
    const pixels = Float32Array.from({ length: samples * sizeOf(spec.input) }, () => generator.uniform());
    const theirs = await session.run(layout === 'nchw' ? channelsFirst(pixels, spec.input) : pixels);
    const ours = annOutputs(backend, spec, weights, normalizePixels(pixels, spec.input, normalize), samples);
    const { provider, version } = session;
    return { provider, version, samples, ...compared(theirs, ours, samples, hasSteps(spec)) };
  } finally {
    await session.close();
  }
}

const hasSteps = ({ layers }: NetworkSpec): boolean =>
  layers.some((layer) => layer.kind === 'slot' && typeof layer.ann === 'object' && layer.ann.kind === 'quantized');

/** Maps [samples, H, W, C] as [samples, C, H, W]; anything else as it is. */
export function channelsFirst(pixels: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length !== 3) return pixels;
  const [height, width, channels] = shape as readonly [number, number, number];
  const area = height * width;
  const turned = new Float32Array(pixels.length);
  for (let k = 0; k < pixels.length; k++) {
    const channel = k % channels;
    const pixel = Math.floor(k / channels) % area;
    const sample = Math.floor(k / (channels * area));
    turned[(sample * channels + channel) * area + pixel] = pixels[k]!;
  }
  return turned;
}

function annOutputs(
  backend: Backend,
  spec: NetworkSpec,
  weights: Weights,
  input: Float32Array,
  samples: number,
): Float32Array {
  const lowered = lower(spec, { mode: 'ann', timesteps: 1, input: { source: 'floats' }, purpose: 'infer' });
  const program = backend.compile(lowered.plan, { samples });
  try {
    writeWeights(program, lowered, weights);
    program.run({ samples, input, seed: 0, epoch: 0 });
    return Float32Array.from(program.tensor(lowered.outputs.probabilities ?? lowered.outputs.logits!));
  } finally {
    program.close();
  }
}

/** Exported for its tests. */
export function compared(
  theirs: Float32Array,
  ours: Float32Array,
  samples: number,
  steps: boolean,
): Pick<OnnxCheck, 'largestDifference' | 'differing' | 'agrees'> {
  const scale = ours.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const classes = ours.length / samples;
  const worst = new Float64Array(samples);
  for (let k = 0; k < ours.length; k++) {
    const difference = Math.abs(theirs[k]! - ours[k]!) / scale;
    const sample = Math.floor(k / classes);
    // NaN, and an output that is missing, differ as far as can be
    worst[sample] = Math.max(worst[sample]!, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  const differing = worst.filter((difference) => difference > ONNX_TOLERANCE).length;
  const allowed = steps ? samples * MOST_CROSSING : 0;
  return {
    largestDifference: worst.reduce((a, b) => Math.max(a, b), 0),
    differing,
    agrees: theirs.length === ours.length && differing <= allowed,
  };
}
