// Columns of the tables of a comparison of forecasters.

import type { Estimate, ForecastErrors, ForecasterRecord } from '../../forecast/index.ts';
import { type Column, NONE } from '../columns.ts';
import { type Dimension, scaleOf, significant, whole } from '../quantity.ts';
import { DEVICES, executedEnergy, kerasEnergy, OPERATORS, profileEnergy, WITH_MEMORY } from './devices.ts';

type ForecastColumn = Column<ForecasterRecord>;

const NAME: ForecastColumn = {
  ...{ key: 'forecaster', header: 'Forecaster', unit: '', kind: 'label', align: 'left' },
  text: ({ name }) => name,
  value: () => null,
};

/** `0.0123 [0.0115, 0.0131]` */
export function estimateText({ value, interval }: Estimate): string {
  if (interval === null) return significant(value);
  return `${significant(value)} [${significant(interval.low)}, ${significant(interval.high)}]`;
}

const error = (key: keyof ForecastErrors, header: string, unit: string, withInterval = false): ForecastColumn => ({
  ...{ key, header, unit, kind: 'counted', align: 'right' },
  text: ({ errors }) => (withInterval ? estimateText(errors[key]) : significant(errors[key].value)),
  value: ({ errors }) => errors[key].value,
});

const AGAINST: ForecastColumn = {
  ...{ key: 'againstAnn', header: 'RMSE, of best ANN', unit: 'times', kind: 'counted', align: 'right' },
  text: ({ againstAnn }) => (againstAnn === undefined ? NONE : significant(againstAnn.ratio.value)),
  value: ({ againstAnn }) => againstAnn?.ratio.value ?? null,
};

const PARAMETERS: ForecastColumn = {
  ...{ key: 'parameters', header: 'Parameters', unit: '', kind: 'counted', align: 'right' },
  text: ({ parameters }) => whole(parameters),
  value: ({ parameters }) => parameters,
};

export const ERROR_COLUMNS: readonly ForecastColumn[] = [
  NAME,
  PARAMETERS,
  error('rmse', 'RMSE', '[95 % interval]', true),
  error('nrmse', 'NRMSE', ''),
  error('mae', 'MAE', ''),
  error('mase', 'MASE', ''),
  error('smape', 'sMAPE', '%'),
  AGAINST,
];

/** A column in one unit for all rows. */
function scaled(
  about: Pick<ForecastColumn, 'key' | 'header' | 'kind'>,
  dimension: Dimension,
  rows: readonly ForecasterRecord[],
  value: (row: ForecasterRecord) => number | null,
): ForecastColumn {
  const { unit, factor } = scaleOf(
    rows.map(value).filter((each) => each !== null),
    dimension,
  );
  const text = (row: ForecasterRecord): string => {
    const found = value(row);
    return found === null ? NONE : significant(found / factor);
  };
  return { ...about, unit, align: 'right', text, value };
}

/** What one forecast took: counted, measured, estimated by two of our own profiles. */
export function operationColumns(rows: readonly ForecasterRecord[]): readonly ForecastColumn[] {
  const total = (column: 'macs' | 'acs' | 'neuronUpdates') => (row: ForecasterRecord) =>
    row.run?.ledger.total[column] ?? 0;
  const counted = (column: Parameters<typeof total>[0], header: string): ForecastColumn =>
    scaled({ key: column, header, kind: 'counted' }, 'operations', rows, total(column));
  const priced = ({ id, name }: typeof OPERATORS | typeof WITH_MEMORY): ForecastColumn =>
    scaled({ key: id, header: `45 nm, ${name}`, kind: 'estimated' }, 'joules', rows, (row) => profileEnergy(row, id));
  return [
    NAME,
    {
      ...{ key: 'timesteps', header: 'T', unit: 'steps', kind: 'counted', align: 'right' },
      text: ({ run }) => (run === undefined ? NONE : String(run.timesteps)),
      value: ({ run }) => run?.timesteps ?? null,
    },
    counted('macs', 'MACs'),
    counted('acs', 'ACs'),
    counted('neuronUpdates', 'Neuron updates'),
    priced(OPERATORS),
    priced(WITH_MEMORY),
    scaled(
      { key: 'seconds', header: 'Time here', kind: 'measured' },
      'seconds',
      rows,
      ({ run }) => run?.seconds.median ?? null,
    ),
  ];
}

/** Energy on the six devices; each has its own unit, since silicon is not compared with silicon. */
export function deviceColumns(rows: readonly ForecasterRecord[], by: 'keras' | 'executed'): readonly ForecastColumn[] {
  const energy = by === 'keras' ? kerasEnergy : executedEnergy;
  return [
    NAME,
    ...DEVICES.map((device) => {
      const about = { key: `${by}-${device.id}`, header: device.name, kind: 'estimated' } as const;
      return scaled(about, 'joules', rows, (row) => energy(row, device));
    }),
  ];
}
