// The networks of a record that were compared with the ANN they were converted from.

import type { ConversionDiagnosis } from '../../convert/index.ts';
import type { NetworkRecord, RunRecord } from '../../store/index.ts';

export interface Diagnosed {
  readonly network: NetworkRecord;
  readonly diagnosis: ConversionDiagnosis;
}

export const diagnosed = ({ networks }: RunRecord): readonly Diagnosed[] =>
  networks.flatMap((network) => (network.diagnosis === undefined ? [] : [{ network, diagnosis: network.diagnosis }]));
