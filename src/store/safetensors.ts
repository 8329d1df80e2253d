// safetensors: eight bytes of header length (little-endian), a JSON header, then the raw values. Holds numbers and text,
// nothing that runs. Written and read here for float32 (dtype F32) only, which is what weights are.
// Format: https://huggingface.co/docs/safetensors

import { z } from 'zod';
import { DataError } from '../core/index.ts';

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const METADATA = '__metadata__';
const LENGTH_BYTES = 8;
/** The format's own bound on the header. */
const LONGEST_HEADER = 100_000_000;

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The file's bytes. @throws RangeError if a tensor's values do not fill its shape. */
export function encodeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { [METADATA]: metadata };
  let end = 0;
  for (const [name, { shape, values }] of tensors) {
    if (elements(shape) !== values.length) {
      throw new RangeError(`tensor "${name}": ${values.length} values do not fill shape [${shape.join(', ')}]`);
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + padded + end).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + padded);
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(padded), true);
  file.set(text, LENGTH_BYTES);
  let offset = LENGTH_BYTES + padded;
  for (const { values } of tensors.values()) {
    for (const value of values) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  return file;
}

const headerSchema = z.record(z.string(), z.unknown());
const metadataSchema = z.record(z.string(), z.string());
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/**
 * Reads a file's bytes; `path` is for messages.
 * @throws DataError if it is truncated, not safetensors, holds another type than F32, or its tensors overlap or leave gaps.
 */
export function decodeSafetensors(path: string, bytes: Uint8Array): TensorFile {
  const { header, start } = readHeader(path, bytes);
  const metadata = metadataSchema.safeParse(header[METADATA] ?? {});
  if (!metadata.success)
    throw new DataError(path, 'its __metadata__ is not a mapping of texts', { offset: LENGTH_BYTES });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const [name, value] of Object.entries(header)) {
    if (name === METADATA) continue;
    const { shape, data_offsets: range } = readEntry(path, name, value, end);
    end = range[1];
    if (start + end > bytes.length) {
      throw new DataError(
        path,
        `tensor "${name}" ends at byte ${start + end}, the file at ${bytes.length}: it is truncated`,
      );
    }
    const values = Float32Array.from({ length: elements(shape) }, (_, i) =>
      view.getFloat32(start + range[0] + 4 * i, true),
    );
    tensors.set(name, { shape, values });
  }
  if (start + end !== bytes.length)
    throw new DataError(path, `${bytes.length - start - end} bytes follow the last tensor`);
  return { tensors, metadata: metadata.data };
}

function readHeader(path: string, bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < LENGTH_BYTES)
    throw new DataError(path, `${bytes.length} bytes are too few for a safetensors file`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (length > LONGEST_HEADER || start > bytes.length) {
    throw new DataError(
      path,
      `not a safetensors file, or truncated: its header claims ${length} bytes of ${bytes.length}`,
      { offset: 0 },
    );
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, start));
    return { header: headerSchema.parse(JSON.parse(text)), start };
  } catch (cause) {
    throw new DataError(path, 'not a safetensors file: its header is not JSON', { offset: LENGTH_BYTES, cause });
  }
}

function readEntry(path: string, name: string, value: unknown, expectedStart: number): z.infer<typeof entrySchema> {
  const entry = entrySchema.safeParse(value);
  if (!entry.success)
    throw new DataError(path, `tensor "${name}": its header entry is damaged`, { offset: LENGTH_BYTES });
  const { dtype, shape, data_offsets: range } = entry.data;
  if (dtype !== 'F32')
    throw new DataError(path, `tensor "${name}" is ${dtype}, expected F32; convert it to float32 first`);
  const size = 4 * elements(shape);
  if (range[0] !== expectedStart || range[1] - range[0] !== size) {
    throw new DataError(
      path,
      `tensor "${name}" [${shape.join(', ')}] should lie at ${expectedStart} to ${expectedStart + size}, its header says ${range.join(' to ')}`,
    );
  }
  return entry.data;
}
