// Time against the share of nonzero inputs, event by event and as a matrix product, and where the two meet.

import type { Backend } from '../src/engine/index.ts';
import type { InputKind, Product } from './layer-ops.ts';
import { type RepeatedOp, timeOp } from './repeated-op.ts';
import { digits } from './text-table.ts';

/** One layer's product; microseconds an image at each rate. */
export interface LayerCurve {
  readonly product: Product;
  readonly kind: InputKind;
  readonly events: readonly number[];
  readonly dense: readonly number[];
  /** Per cent at which the two take the same time; null if events are faster at all rates. */
  readonly crossing: number | null;
}

/** Backends of one thread that are forced one way. */
export interface Ways {
  readonly events: Backend;
  readonly dense: Backend;
}

/** `make`: the operation at a share of nonzero inputs; `rates`: those shares, in per cent. */
export function layerCurve(
  { events, dense }: Ways,
  product: Product,
  kind: InputKind,
  rates: readonly number[],
  make: (density: number) => RepeatedOp,
  rounds: number,
): LayerCurve {
  const curve = (backend: Backend): number[] =>
    rates.map((rate) => {
      const op = make(rate / 100);
      return (timeOp(backend, op, rounds).min * 1e6) / op.samples;
    });
  const [fast, slow] = [curve(events), curve(dense)];
  return { product, kind, events: fast, dense: slow, crossing: crossing(fast, slow, rates) };
}

/** The rate at which the first curve rises above the second, between measured rates on a straight line; null if it does not. */
export function crossing(first: readonly number[], second: readonly number[], rates: readonly number[]): number | null {
  const ahead = first.map((value, k) => value - second[k]!);
  const k = ahead.findIndex((difference) => difference > 0);
  if (k <= 0) return k === 0 ? rates[0]! : null;
  const share = -ahead[k - 1]! / (ahead[k]! - ahead[k - 1]!);
  return rates[k - 1]! + share * (rates[k]! - rates[k - 1]!);
}

export const atRate = (rate: number | null, none: string): string => (rate === null ? none : `${digits(rate)} %`);

/** `events / dense` at each rate. */
export const pairs = (curve: Pick<LayerCurve, 'events' | 'dense'>): string[] =>
  curve.events.map((value, k) => `${digits(value)} / ${digits(curve.dense[k]!)}`);
