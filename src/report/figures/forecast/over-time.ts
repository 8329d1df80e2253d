// What came, and what each forecaster had said the whole horizon before: a row each.

import type { ForecastRecord } from '../../../forecast/index.ts';
import { forecasterScale } from '../../forecast/names.ts';
import { significant } from '../../quantity.ts';
import { CONFIG, type Figure, SCHEMA, WIDTH } from '../theme.ts';

const ROW = 84;
const TRUTH = '#B5B5B5';

export function forecastOverTime(record: ForecastRecord): Figure {
  const { excerpt, study, series, forecasters } = record;
  const { domain, range } = forecasterScale(forecasters);
  const truth = excerpt.truth.map((value, i) => ({ t: excerpt.from + i, value }));
  const shown = [...excerpt.truth, ...forecasters.flatMap((each) => each.excerpt)];
  const bounds = [Math.min(...shown), Math.max(...shown)];
  const x = {
    field: 't',
    type: 'quantitative' as const,
    scale: { domain: [excerpt.from, excerpt.from + excerpt.truth.length - 1], nice: false },
  };
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    title: null,
    scale: { domain: bounds, nice: false },
    axis: { tickCount: 3 },
  };
  const row = ({ name, excerpt: said, errors }: (typeof forecasters)[number], i: number) => {
    const isLast = i === forecasters.length - 1;
    const axis = isLast ? { title: 'Step of the series', format: 'd' } : { title: null, labels: false, ticks: false };
    return {
      width: WIDTH,
      height: ROW,
      title: {
        text: `${name}, NRMSE ${significant(errors.nrmse.value)}`,
        anchor: 'start' as const,
        fontSize: 13,
        fontWeight: 600 as const,
        offset: 4,
      },
      layer: [
        {
          data: { values: truth },
          mark: { type: 'line' as const, color: TRUTH, strokeWidth: 5 },
          encoding: { x: { ...x, axis: { ...axis, grid: false } }, y },
        },
        {
          data: { values: said.map((value, k) => ({ t: excerpt.from + k, value })) },
          mark: { type: 'line' as const, color: range[domain.indexOf(name)]!, strokeWidth: 1.6 },
          encoding: { x, y },
        },
      ],
    };
  };
  return {
    id: 'forecast-over-time',
    title: `Forecast ${study.horizon} steps ahead, and what came`,
    caption: `The first ${excerpt.truth.length} values of the test of "${series.name}" (wide, grey) and what each forecaster said of them ${study.horizon} steps before (thin). NRMSE is over all steps ahead and the whole test.`,
    alt: `Line charts, a row a forecaster. ${forecasters.map(({ name, errors }) => `${name}: NRMSE ${significant(errors.nrmse.value)}`).join('; ')}.`,
    spec: { $schema: SCHEMA, config: CONFIG, vconcat: forecasters.map(row), spacing: 12 },
  };
}
