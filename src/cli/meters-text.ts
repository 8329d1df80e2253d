// Meters of this machine as text and as JSON: each is available, or not and why, with what to do about it.

import { type DetectedMeters, type Figure, type Meter, notMeasurable, type UnavailableMeter } from '../meters/index.ts';
import { quantity, wrap } from '../report/index.ts';

/** At most `width` cells a line; no trailing newline. */
export function metersText(meters: DetectedMeters, width: number): string {
  const { available, unavailable, gauges, missingGauges } = meters;
  const heading = `Energy meters: ${notMeasurable(meters) ?? `${available.length} found`}`;
  const beside = gauges.map(({ label }) => label).join('; ');
  return [
    ...wrap(heading, width),
    ...available.flatMap((meter) => indented(describe(meter), width)),
    ...unavailable.flatMap((meter) => indented(explain(meter), width)),
    ...(beside === '' ? [] : indented(`Also read: ${beside}.`, width)),
    ...missingGauges.flatMap(({ label, reason }) => indented(`${label}: not read; ${reason}.`, width)),
  ].join('\n');
}

/** Two cells in, further lines four. */
function indented(text: string, width: number): string[] {
  const [first, ...rest] = text.split('\n').flatMap((line) => wrap(line, width - 4));
  return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
}

const COVERS: Readonly<Record<Meter['covers'], string>> = {
  package: 'processor package',
  cores: 'cores of a package',
  uncore: 'graphics or interconnect of a package',
  memory: 'memory',
  chip: 'chip',
  board: 'board',
  system: 'whole machine',
  unknown: 'it is not known what',
};

function describe({ label, quantity: kind, covers, period, within, note }: Meter): string {
  const every = quantity(period, 'seconds');
  const part = within === undefined ? '' : ', never added to the meter it is a part of';
  return `${label}: available; ${kind} of the ${COVERS[covers]}, a new value every ${every}${part}\n${note}`;
}

const explain = ({ label, reason, remedy }: UnavailableMeter): string => `${label}: ${reason}\n-> ${remedy}`;

interface GaugeDocument {
  readonly id: string;
  readonly label: string;
  readonly figures: readonly Figure[];
}

/** The same for `--json`, with the gauges as they stand now. */
export async function metersDocument({ available, unavailable, gauges, missingGauges }: DetectedMeters) {
  const read: GaugeDocument[] = [];
  for (const { id, label, read: figures } of gauges) read.push({ id, label, figures: await figures().catch(() => []) });
  return {
    available: available.map(({ read: _, ...meter }) => meter),
    unavailable,
    gauges: read,
    missingGauges: missingGauges.map(({ id, label, reason }) => ({ id, label, reason })),
  };
}
