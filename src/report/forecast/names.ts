// Colours of forecasters, the same in every figure.

import type { ForecasterRecord } from '../../forecast/index.ts';
import { OKABE_ITO } from '../figures/theme.ts';

const COLORS: Record<ForecasterRecord['kind'], readonly string[]> = {
  baseline: ['#A0A0A0', OKABE_ITO.orange],
  ann: [OKABE_ITO.grey, OKABE_ITO.green],
  snn: [OKABE_ITO.blue, OKABE_ITO.vermillion],
};

/** Scale of a colour encoding by forecaster. */
export function forecasterScale(forecasters: readonly ForecasterRecord[]): { domain: string[]; range: string[] } {
  const colorOf = ({ kind, name }: ForecasterRecord): string => {
    const alike = forecasters.filter((each) => each.kind === kind).findIndex((each) => each.name === name);
    return COLORS[kind][alike % COLORS[kind].length]!;
  };
  return { domain: forecasters.map(({ name }) => name), range: forecasters.map(colorOf) };
}
