// One network's results as text.

import type { ConvertedFile } from '../experiment/index.ts';
import { percent, quantity } from '../report/index.ts';
import type { HardeningRecord, NetworkRecord } from '../store/index.ts';
import { hardeningFactor } from '../train/index.ts';

/** Steps at which the accuracy on the way is shown. */
const SHOWN_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Accuracy, its course over time, activity and counts. */
export function describeNetworkText(network: NetworkRecord): string {
  const { accuracy, ledger, timesteps } = network;
  const rows: [string, string][] = [
    ['Network', `${network.name}, ${network.spec.name}, ${network.parameters} parameters`],
    [
      'Accuracy',
      `${percent(accuracy.value)} % [${percent(accuracy.low)}, ${percent(accuracy.high)}], ${accuracy.correct} of ${accuracy.samples}`,
    ],
  ];
  if (timesteps > 1) rows.push(['After step', accuracyOnTheWay(network.accuracyByStep)]);
  for (const { layer, rates } of network.rates) {
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    rows.push([`Rate of ${layer}`, `${mean.toFixed(4)} spikes a neuron a step`]);
  }
  if (network.training?.hardening) rows.push(['Hardened by', hardeningText(network.training.hardening, network)]);
  const { macs, acs, neuronUpdates } = ledger.total;
  rows.push(
    [
      'Per image',
      [
        `${quantity(macs, 'operations')} MACs`,
        `${quantity(acs, 'operations')} ACs`,
        `${quantity(neuronUpdates, 'operations')} neuron updates`,
      ].join(', '),
    ],
    ['Time', `${quantity(network.inferSeconds, 'seconds')} for ${network.inferSamples} images`],
  );
  return rows.map(([name, text]) => `${name.padEnd(14)} ${text}`).join('\n');
}

/** What was done, and what it made of the time. */
function hardeningText(hardening: HardeningRecord, { trainSeconds }: NetworkRecord): string {
  const factor = trainSeconds === null ? '' : `: training took x${hardeningFactor(hardening, trainSeconds).toFixed(1)}`;
  return `${hardening.label}${factor}`;
}

const accuracyOnTheWay = (accuracyByStep: readonly number[]): string =>
  [...new Set([...SHOWN_STEPS.filter((step) => step < accuracyByStep.length), accuracyByStep.length])]
    .map((step) => `${step}: ${percent(accuracyByStep[step - 1]!)}`)
    .join('  ');

/** A conversion: accuracy at each T against the ANN. */
export function conversionText({ ann, networks }: ConvertedFile, weights: string): string {
  const base = ann.accuracy.value;
  const rows = networks.map(({ timesteps, accuracy }) => {
    const difference = 100 * (accuracy.value - base);
    return `  T = ${String(timesteps).padEnd(5)} ${percent(accuracy.value)} %  (${difference >= 0 ? '+' : ''}${difference.toFixed(2)} points)`;
  });
  const { smallestTimesteps, tolerance } = networks[0]!.conversion!;
  const within = `within ${percent(tolerance, 1)} points of the ANN`;
  const answer =
    smallestTimesteps === null ? `no T tried is ${within}` : `T = ${smallestTimesteps} is enough to stay ${within}`;
  return [`ANN         ${percent(base)} %`, ...rows, answer, `Weights: ${weights}`].join('\n');
}
