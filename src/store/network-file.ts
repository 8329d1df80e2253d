// A trained network in one file: safetensors with the weights under their own names (`fc1/weight` is [in, out]), and in the
// metadata the network and how it is to be read. Opens in any safetensors reader.

import { z } from 'zod';
import { DataError, SpikewattError } from '../core/index.ts';
import {
  checkWeights,
  type DecoderSpec,
  type EncoderSpec,
  listParameters,
  type NetworkSpec,
  parseNetwork,
  type Weights,
} from '../model/index.ts';
import { decodeSafetensors, encodeSafetensors, type Tensor } from './safetensors.ts';

const FORMAT = 'spikewatt-network-file';
const VERSION = '1';

/** How a network is read and run. */
export interface Reading {
  readonly kind: 'ann' | 'snn' | 'converted';
  /** 1 for an ANN. */
  readonly timesteps: number;
  /** `constant` for an ANN. */
  readonly encoder: EncoderSpec;
  readonly decoder: DecoderSpec['kind'];
}

export interface NetworkFile {
  readonly spec: NetworkSpec;
  readonly weights: Weights;
  readonly reading: Reading;
}

const encoder = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('rate'), gain: z.number(), offset: z.number() }),
  z.strictObject({
    kind: z.literal('latency'),
    convention: z.enum(['snntorch', 'spikingjelly']),
    form: z.enum(['linear', 'log']),
    tau: z.number(),
    threshold: z.number(),
    normalize: z.boolean(),
    clip: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('delta'), threshold: z.number(), offSpikes: z.boolean(), padding: z.boolean() }),
]) satisfies z.ZodType<EncoderSpec>;

const reading = z.strictObject({
  kind: z.enum(['ann', 'snn', 'converted']),
  timesteps: z.int().min(1),
  encoder,
  decoder: z.enum(['spike-count', 'first-spike', 'max-membrane', 'mean-membrane', 'last-membrane']),
}) satisfies z.ZodType<Reading>;

const modeOf = ({ kind }: Reading): 'ann' | 'snn' => (kind === 'ann' ? 'ann' : 'snn');

/** The file's bytes. @throws ShapeError if the weights are not those of the network. */
export function encodeNetworkFile({ spec, weights, reading }: NetworkFile): Uint8Array {
  checkWeights(spec, weights, modeOf(reading));
  const tensors = new Map<string, Tensor>();
  for (const { key, rows, columns } of listParameters(spec)) {
    const values = weights.get(key);
    if (values) tensors.set(key, { shape: rows === 1 ? [columns] : [rows, columns], values });
  }
  const metadata = {
    format: FORMAT,
    version: VERSION,
    network: JSON.stringify(spec),
    reading: JSON.stringify(reading),
  };
  return encodeSafetensors({ tensors, metadata });
}

/**
 * Reads a file's bytes; `path` is for messages.
 * @throws DataError if it is damaged, of another format, or its weights are not those of its network.
 */
export function decodeNetworkFile(path: string, bytes: Uint8Array): NetworkFile {
  const { tensors, metadata } = decodeSafetensors(path, bytes);
  if (metadata.format !== FORMAT || metadata.version !== VERSION) {
    throw new DataError(
      path,
      `holds weights but no network of format ${FORMAT} version ${VERSION}; use a file that Spikewatt wrote`,
    );
  }
  try {
    const spec = parseNetwork(metadata.network ?? '', 'network');
    const file = {
      spec,
      weights: new Map([...tensors].map(([key, { values }]) => [key, values])),
      reading: readReading(metadata),
    };
    checkWeights(spec, file.weights, modeOf(file.reading));
    return file;
  } catch (cause) {
    if (cause instanceof SpikewattError) throw new DataError(path, cause.message, { cause });
    throw new DataError(path, 'its description of how the network is read is damaged', { cause });
  }
}

const readReading = (metadata: Readonly<Record<string, string>>): Reading =>
  reading.parse(JSON.parse(metadata.reading ?? ''));
