// Event by event, or as a matrix product: which of the two a product takes. Both give the same bits; the choice is about time.

import { ConfigError } from '../../core/index.ts';

/** `auto`: by density. The others force one way, to measure it or to test it. */
export type ProductPath = 'auto' | 'events' | 'dense';

/** Share of nonzero inputs above which the matrix product is taken, by what the inputs are. */
export interface Densities {
  readonly forwardSpikes: number;
  readonly forwardAnalog: number;
  readonly gradientSpikes: number;
  readonly gradientAnalog: number;
}

/** For fully connected layers and for convolutions. */
export interface DenseAbove {
  readonly dense: Densities;
  readonly conv: Densities;
}

/** No density is above 1, and every density is above -1. */
function everywhere(share: number): DenseAbove {
  const all = { forwardSpikes: share, forwardAnalog: share, gradientSpikes: share, gradientAnalog: share };
  return { dense: all, conv: all };
}

/**
 * `auto` as `npm run bench -- crossover` measured it for layers 256 to 1024 wide, and `conv-crossover` for convolutions 3x3 of 32 to
 * 128 channels, on an AMD EPYC (Zen 3), one thread.
 */
const DENSE_ABOVE: Readonly<Record<ProductPath, DenseAbove>> = {
  auto: {
    dense: { forwardSpikes: 0.75, forwardAnalog: 0.45, gradientSpikes: 0.75, gradientAnalog: 0.55 },
    conv: { forwardSpikes: 0.6, forwardAnalog: 0.4, gradientSpikes: 0.4, gradientAnalog: 0.4 },
  },
  events: everywhere(1),
  dense: everywhere(-1),
};

/** Throws ConfigError for a path there is not. */
export function denseAbove(path: ProductPath): DenseAbove {
  if (!Object.hasOwn(DENSE_ABOVE, path))
    throw new ConfigError('path', `got "${path}", expected one of ${Object.keys(DENSE_ABOVE).join(', ')}`);
  return DENSE_ABOVE[path];
}
