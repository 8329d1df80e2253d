// How the record was made: data, machine, networks, warnings, and the whole study to run it again.

import type { NetworkRecord, NormalizationRecord, RunRecord } from '../../store/index.ts';
import { percent, quantity, significant, whole } from '../quantity.ts';
import { scrolling } from './comparison.ts';
import { html, type Markup } from './markup.ts';

type Fact = readonly [string, string];

const facts = (list: readonly Fact[]): Markup =>
  html`<dl class="facts">${list.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

export function methodSection(record: RunRecord): Markup {
  const { warnings, study } = record;
  return html`<section id="method"><h2>How this was made</h2>
${warnings.length === 0 ? null : html`<h3>Warnings</h3><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
<h3>Data</h3>${facts(dataFacts(record))}<h3>Machine</h3>${facts(machineFacts(record))}
<h3>Networks</h3>${scrolling('Networks', networksTable(record.networks))}
<h3>Study</h3><p class="note">Running it again on this version gives the same result.</p><details><summary>The whole study</summary><pre>${JSON.stringify(study, null, 2)}</pre></details></section>`;
}

function dataFacts({ data }: RunRecord): Fact[] {
  const ofOfficial =
    data.testSamples === data.officialTestSamples
      ? 'all of the official test set'
      : `of ${whole(data.officialTestSamples)} official test samples`;
  return [
    ['Name', data.name],
    ['Source', data.source],
    [
      'Samples',
      `${whole(data.trainSamples)} to train, ${whole(data.validationSamples)} to validate, ${whole(data.testSamples)} to test (${ofOfficial})`,
    ],
    ['Shape', `${data.shape.join(' × ')}, ${data.classes.length} classes`],
    ['Mean input', significant(data.meanInput)],
    ...(data.normalize === undefined ? [] : [normalizeFact(data.normalize)]),
    ...(data.skipped === undefined || data.skipped.length === 0 ? [] : [skippedFact(data.skipped)]),
  ];
}

function normalizeFact({ by, mean, deviation }: NormalizationRecord): Fact {
  const numbers = (values: readonly number[]): string => values.map(significant).join(', ');
  return ['Normalised', `${by}: less ${numbers(mean)}, over ${numbers(deviation)}`];
}

/** Files named in the page. */
const MOST_SKIPPED = 10;

function skippedFact(skipped: readonly { readonly path: string; readonly reason: string }[]): Fact {
  const shown = skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => `${path} (${reason})`);
  const more = skipped.length > MOST_SKIPPED ? [`${skipped.length - MOST_SKIPPED} more`] : [];
  return [
    'Left out',
    `${skipped.length} damaged ${skipped.length === 1 ? 'file' : 'files'}: ${[...shown, ...more].join(', ')}`,
  ];
}

function machineFacts({ environment: e, wallSeconds }: RunRecord): Fact[] {
  const simd = e.simdBits === 0 ? 'no SIMD' : `${e.simdBits}-bit SIMD`;
  return [
    ['Processor', `${e.cpu}, ${e.cores} cores, ${quantity(e.memoryBytes, 'bytes')}`],
    ['Software', `Spikewatt ${e.spikewatt}, Node ${e.node}, V8 ${e.v8}, ${e.platform}`],
    ['Engine', `${e.backend}, ${e.threads} threads, ${simd}`],
    ['Energy meters', e.meters.length === 0 ? `none: ${e.metersUnavailable}` : e.meters.join(', ')],
    ['Whole run', quantity(wallSeconds, 'seconds')],
  ];
}

function networksTable(networks: readonly NetworkRecord[]): Markup {
  const row = (network: NetworkRecord) =>
    html`<tr><th scope="row">${network.name}</th><td>${network.encoder}</td><td>${network.decoder}</td><td class="number">${whole(network.parameters)}</td><td class="number">${network.accuracy.undecided}</td><td>${origin(network)}</td></tr>`;
  return html`<table><thead><tr><th scope="col">Network</th><th scope="col">Input</th><th scope="col">Read by</th><th scope="col" class="number">Parameters</th><th scope="col" class="number">Undecided samples</th><th scope="col">Made by</th></tr></thead><tbody>${networks.map(row)}</tbody></table>`;
}

function origin({ training, conversion }: NetworkRecord): string {
  if (conversion !== null) return conversionWords(conversion);
  if (training === null) return 'given';
  const stopped = training.stoppedEarly ? ', stopped early' : '';
  return [
    `training, ${training.epochs.length} epochs${stopped}, epoch ${training.bestEpoch} kept`,
    ...training.notes,
  ].join('. ');
}

function conversionWords(c: NonNullable<NetworkRecord['conversion']>): string {
  const start = c.halfThreshold ? ', membranes start at half a threshold' : '';
  const within = `${significant(c.tolerance * 100)} points of the ANN's ${percent(c.annAccuracy)} %`;
  const smallest =
    c.smallestTimesteps === null
      ? `no T came within ${within}`
      : `T = ${c.smallestTimesteps} is the smallest within ${within}`;
  return `conversion, ${c.mode} over ${c.calibrationSamples} samples${start}; ${smallest}`;
}
