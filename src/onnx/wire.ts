// The protobuf wire format, as much of it as writing a file takes: a message is a run of fields, each a tag (number << 3 | type) and
// a varint (type 0), four bytes (5), or a length and as many bytes (2). https://protobuf.dev/programming-guides/encoding/
// Pieces are put together once, at the end, so that weights are not copied for every message they lie in.

/** Part of a message: pieces in order, and the bytes they have together. */
export interface Field {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
}

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;
const encoder = new TextEncoder();

/** A whole number as int64: seven bits a byte, lowest first; a negative one takes ten bytes. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** Fields one after another: a message. */
export function fields(...parts: readonly Field[]): Field {
  return { pieces: parts.flatMap(({ pieces }) => pieces), bytes: parts.reduce((sum, part) => sum + part.bytes, 0) };
}

const pieces = (...parts: readonly Uint8Array[]): Field => ({
  pieces: parts,
  bytes: parts.reduce((sum, { length }) => sum + length, 0),
});

/** int32, int64 or an enumeration. */
export const integer = (number: number, value: number): Field => pieces(varint((number << 3) | VARINT), varint(value));

/** Each of `values` a field of its own, which is how proto2 repeats numbers. */
export const integers = (number: number, values: readonly number[]): Field =>
  fields(...values.map((value) => integer(number, value)));

export const float = (number: number, value: number): Field => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return pieces(varint((number << 3) | FIXED32), bytes);
};

export const raw = (number: number, value: Uint8Array): Field =>
  pieces(varint((number << 3) | LENGTH), varint(value.length), value);

export const text = (number: number, value: string): Field => raw(number, encoder.encode(value));

export const message = (number: number, ...parts: readonly Field[]): Field => {
  const inner = fields(...parts);
  return fields(pieces(varint((number << 3) | LENGTH), varint(inner.bytes)), inner);
};

/** The message's bytes. */
export function assemble({ pieces, bytes }: Field): Uint8Array {
  const file = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}
