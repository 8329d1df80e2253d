// Surrogate derivatives of the step function, in float64: what the backward pass uses in place of a derivative that is 0 almost
// everywhere. x = membrane - threshold. Each is the exact derivative of `surrogateValue`, which the forward pass never uses.
// atan: Fang et al. 2021, doi 10.1109/ICCV48922.2021.00266; fast sigmoid: Zenke and Ganguli 2018, doi 10.1162/neco_a_01086.

export type SurrogateKind = 'atan' | 'sigmoid' | 'fast-sigmoid' | 'triangular' | 'straight-through';

export const SURROGATES: readonly SurrogateKind[] = [
  'atan',
  'sigmoid',
  'fast-sigmoid',
  'triangular',
  'straight-through',
];

/** Logistic function without overflow: exp is only taken of negative numbers. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** Derivative put in place of the step's at `x`; finite for every finite x. */
export function surrogateDerivative(kind: SurrogateKind, slope: number, x: number): number {
  switch (kind) {
    case 'atan':
      return slope / 2 / (1 + ((Math.PI / 2) * slope * x) ** 2);
    case 'sigmoid': {
      const s = logistic(slope * x);
      return slope * s * (1 - s);
    }
    case 'fast-sigmoid':
      return 1 / (1 + slope * Math.abs(x)) ** 2;
    case 'triangular':
      return Math.max(0, 1 - slope * Math.abs(x)) * slope;
    case 'straight-through':
      return 1;
    default:
      throw new TypeError(`unknown surrogate ${kind satisfies never}`);
  }
}

/** The smooth function whose derivative `surrogateDerivative` is. */
export function surrogateValue(kind: SurrogateKind, slope: number, x: number): number {
  switch (kind) {
    case 'atan':
      return Math.atan((Math.PI / 2) * slope * x) / Math.PI + 0.5;
    case 'sigmoid':
      return logistic(slope * x);
    case 'fast-sigmoid':
      return x / (1 + slope * Math.abs(x));
    case 'triangular': {
      const rest = Math.max(0, 1 - slope * Math.abs(x)) ** 2 / 2;
      return x < 0 ? rest : 1 - rest;
    }
    case 'straight-through':
      return x;
    default:
      throw new TypeError(`unknown surrogate ${kind satisfies never}`);
  }
}
