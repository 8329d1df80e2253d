// What a comparison of forecasters says, in sentences made of its numbers.

import type { ForecasterRecord, ForecastRecord } from '../../forecast/index.ts';
import { quantity, significant, times } from '../quantity.ts';
import { DEVICES, executedEnergy, kerasEnergy, OPERATORS, profileEnergy } from './devices.ts';

export interface ForecastVerdict {
  readonly headline: string;
  readonly points: readonly { readonly title: string; readonly text: string }[];
}

const CPU = DEVICES[0]!;

const ofKind = ({ forecasters }: ForecastRecord, kind: ForecasterRecord['kind']): readonly ForecasterRecord[] =>
  forecasters.filter((each) => each.kind === kind);

const lowest = (forecasters: readonly ForecasterRecord[]): ForecasterRecord | undefined =>
  forecasters.toSorted((a, b) => a.errors.rmse.value - b.errors.rmse.value)[0];

const ratio = (top: number | null, bottom: number | null): number | null =>
  top === null || bottom === null || bottom === 0 ? null : top / bottom;

/** The cheapest by its operations of those that are no spiking networks and err no more; where there is none, the best ANN. */
function opponentOf(snn: ForecasterRecord, { forecasters }: ForecastRecord, ann: ForecasterRecord): ForecasterRecord {
  const energy = (each: ForecasterRecord): number => profileEnergy(each, OPERATORS.id)!;
  const able = forecasters.filter(
    ({ kind, run, errors }) => kind !== 'snn' && run !== undefined && errors.rmse.value <= snn.errors.rmse.value,
  );
  return able.toSorted((a, b) => energy(a) - energy(b))[0] ?? ann;
}

export function forecastVerdict(record: ForecastRecord): ForecastVerdict {
  const [ann, snn] = [lowest(ofKind(record, 'ann')), lowest(ofKind(record, 'snn'))];
  const points = [
    { title: 'Baselines', text: baselineWords(record) },
    ...ofKind(record, 'snn').map((each) => ({ title: each.name, text: spikingWords(each, ann) })),
  ];
  if (ann === undefined || snn === undefined) {
    const one = (ann ?? snn)!;
    return {
      headline: `${one.name} has no network of the other kind beside it: there is nothing to set it against.`,
      points,
    };
  }
  const opponent = opponentOf(snn, record, ann);
  return {
    headline: headlineOf(snn, ann, opponent),
    points: [...points, { title: 'On a CPU', text: cpuWords(snn, opponent) }],
  };
}

function headlineOf(snn: ForecasterRecord, ann: ForecasterRecord, opponent: ForecasterRecord): string {
  const cost = ratio(profileEnergy(snn, OPERATORS.id), profileEnergy(opponent, OPERATORS.id))!;
  const against = snn.errors.rmse.value / ann.errors.rmse.value;
  const interval = snn.againstAnn?.ratio.interval ?? null;
  const worse = interval === null ? against > 1 : interval.low > 1;
  const better = interval === null ? against < 1 : interval.high < 1;
  const well = worse ? 'less well' : better ? 'better' : 'as well, as far as this test can tell';
  const answer = `${cost < 1 ? 'For less' : 'Not for less here'}, ${worse === cost >= 1 ? 'and' : 'but'} ${well}`;
  const than = opponent.errors.rmse.value <= snn.errors.rmse.value ? ', the cheapest that errs no more' : '';
  return `${answer}: ${snn.name} has ${times(against)} the error of ${ann.name}, and its operations take ${times(cost)} the energy of those of ${opponent.name}${than} (45 nm, fp32).`;
}

function baselineWords(record: ForecastRecord): string {
  const [persistence, linear] = record.forecasters;
  const networks = record.forecasters.filter(({ kind }) => kind !== 'baseline');
  const below = (baseline: ForecasterRecord): string => {
    const [won, lost] = [true, false].map((better) =>
      networks
        .filter(({ errors }) => errors.rmse.value < baseline.errors.rmse.value === better)
        .map(({ name }) => name),
    );
    if (lost!.length === 0) return 'every network errs less';
    return won!.length === 0
      ? 'no network errs less'
      : `${lost!.join(' and ')} ${lost!.length === 1 ? 'errs' : 'err'} as much or more`;
  };
  return `Saying that nothing changes has an RMSE of ${significant(persistence!.errors.rmse.value)}: ${below(persistence!)}. A linear map of the window, ${linear!.parameters} parameters, has ${significant(linear!.errors.rmse.value)}: ${below(linear!)}.`;
}

function spikingWords(snn: ForecasterRecord, ann: ForecasterRecord | undefined): string {
  const { macs, acs } = snn.run!.ledger.total;
  const size = `${snn.parameters} parameters, ${quantity(macs + acs, 'operations')} synaptic operations a forecast`;
  if (ann === undefined) return `${size}.`;
  const interval = snn.againstAnn?.ratio.interval ?? null;
  const within = interval === null ? '' : ` [${significant(interval.low)}, ${significant(interval.high)}]`;
  const operations = (macs + acs) / ann.run!.ledger.total.macs;
  return `${size}; ${times(snn.errors.rmse.value / ann.errors.rmse.value)}${within} the RMSE and ${times(operations)} the synaptic operations of ${ann.name}, which has ${ann.parameters} parameters.`;
}

/** What the question of the model's users comes to. */
function cpuWords(snn: ForecasterRecord, opponent: ForecasterRecord): string {
  const model = ratio(kerasEnergy(snn, CPU), kerasEnergy(opponent, CPU))!;
  const executed = ratio(executedEnergy(snn, CPU), executedEnergy(opponent, CPU))!;
  const [own, other] = [snn.run!.seconds, opponent.run!.seconds];
  const range = `${significant(own.low / other.high)} to ${significant(own.high / other.low)}`;
  return `KerasSpiking's model says ${snn.name} takes ${times(model)} the energy of ${opponent.name}, since it bills one pass and no recurrent synapse. With each of its ${snn.run!.timesteps} passes billed at the same price it takes ${times(executed)}. Measured on this machine, in batches, a forecast takes ${times(own.median / other.median)} as long (medians; the runs allow ${range}).`;
}
