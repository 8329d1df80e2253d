// The error at each step ahead.

import type { ForecastRecord } from '../../../forecast/index.ts';
import { forecasterScale } from '../../forecast/names.ts';
import { significant } from '../../quantity.ts';
import { logTicks } from '../log-axis.ts';
import { CONFIG, type Figure, HEIGHT, SCHEMA, WIDTH } from '../theme.ts';

/** Null for one step ahead, and where an error is 0, which a logarithmic axis has no place for. */
export function errorByStepAhead({ forecasters, study }: ForecastRecord): Figure | null {
  const values = forecasters.flatMap(({ name, errorByStep }) =>
    errorByStep.map((rmse, i) => ({ forecaster: name, step: i + 1, rmse })),
  );
  if (study.horizon < 2 || values.some(({ rmse }) => !(rmse > 0))) return null;
  const sizes = values.map(({ rmse }) => rmse);
  const domain: [number, number] = [Math.min(...sizes) / 1.15, Math.max(...sizes) * 1.15];
  const last = ({ name, errorByStep }: (typeof forecasters)[number]): string =>
    `${name}: ${significant(errorByStep[0]!)} one step ahead, ${significant(errorByStep.at(-1)!)} at ${errorByStep.length}`;
  return {
    id: 'error-by-step',
    title: 'Error against steps ahead',
    caption:
      'RMSE of each step of the horizon, in the unit of the series; the axis is logarithmic. All steps are forecast at once, by outputs of their own, so a line need not rise evenly.',
    alt: `Line chart. ${forecasters.map(last).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      data: { values },
      mark: { type: 'line', point: { size: 28 } },
      encoding: {
        x: {
          field: 'step',
          type: 'quantitative',
          title: 'Steps ahead',
          scale: { domain: [1, study.horizon], nice: false },
          axis: { format: 'd', tickMinStep: 1, grid: false },
        },
        y: {
          field: 'rmse',
          type: 'quantitative',
          title: 'RMSE',
          scale: { type: 'log', domain, nice: false },
          axis: { values: logTicks(domain), format: '~g' },
        },
        color: {
          field: 'forecaster',
          type: 'nominal',
          title: null,
          scale: forecasterScale(forecasters),
          legend: { columns: 3 },
        },
      },
    },
  };
}
