// Error against energy: who is below and to the left of whom.

import type { ForecastRecord } from '../../../forecast/index.ts';
import { OPERATORS, profileEnergy } from '../../forecast/devices.ts';
import { forecasterScale } from '../../forecast/names.ts';
import { quantity, significant } from '../../quantity.ts';
import { decades, logTicks, siLabel } from '../log-axis.ts';
import { CONFIG, type Figure, HEIGHT, SCHEMA, WIDTH } from '../theme.ts';

/** Null where fewer than two have an error and an energy above 0. */
export function errorAgainstEnergy({ forecasters }: ForecastRecord): Figure | null {
  const values = forecasters.flatMap((each) => {
    const { rmse } = each.errors;
    const joules = profileEnergy(each, OPERATORS.id);
    if (joules === null || joules <= 0 || !(rmse.value > 0)) return [];
    const { low, high } = rmse.interval ?? { low: rmse.value, high: rmse.value };
    return [{ forecaster: each.name, joules, rmse: rmse.value, low, high }];
  });
  if (values.length < 2) return null;
  const persistence = forecasters[0]!.errors.rmse.value;
  const range = (sizes: readonly number[], room: number): [number, number] => [
    Math.min(...sizes) / room,
    Math.max(...sizes) * room,
  ];
  const energies = range(
    values.map(({ joules }) => joules),
    2,
  );
  const errors = range([...values.flatMap(({ low, high }) => [low, high]), persistence], 1.3);
  const x = {
    field: 'joules',
    type: 'quantitative' as const,
    title: 'Energy of the operations of one forecast (45 nm, fp32, estimated)',
    scale: { type: 'log' as const, domain: energies, nice: false },
    axis: { labelExpr: siLabel('J'), values: decades(energies).length > 1 ? decades(energies) : logTicks(energies) },
  };
  const y = {
    type: 'quantitative' as const,
    title: 'RMSE',
    scale: { type: 'log' as const, domain: errors, nice: false },
    axis: { values: logTicks(errors), format: '~g' },
  };
  const { domain, range: colors } = forecasterScale(forecasters);
  const shown = domain.flatMap((name, i) => (values.some(({ forecaster }) => forecaster === name) ? [i] : []));
  const present = { domain: shown.map((i) => domain[i]!), range: shown.map((i) => colors[i]!) };
  const color = { field: 'forecaster', type: 'nominal' as const, title: null, scale: present, legend: { columns: 3 } };
  return {
    id: 'error-energy',
    title: 'Error against energy',
    caption: `Lower is more accurate, further left is cheaper; both axes are logarithmic, bars are 95 % intervals. The dashed line is persistence, which costs nothing. Operators alone: memory, which a spiking network uses more of, is not in it.`,
    alt: `Scatter plot. ${values.map((each) => `${each.forecaster}: RMSE ${significant(each.rmse)}, ${quantity(each.joules, 'joules')}`).join('; ')}; persistence: RMSE ${significant(persistence)}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: [{ rmse: persistence }] },
          mark: { type: 'rule', strokeDash: [5, 4], color: '#888888' },
          encoding: { y: { ...y, field: 'rmse' } },
        },
        {
          data: { values },
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        { data: { values }, mark: { type: 'point', size: 90 }, encoding: { x, y: { ...y, field: 'rmse' }, color } },
      ],
    },
  };
}
