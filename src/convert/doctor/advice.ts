// What the numbers of a diagnosis mean, in words.

import type { ConversionDiagnosis, Finding, LayerDiagnosis } from './diagnosis.ts';

/** Shares from which a layer is spoken of. Rates in the tail of a 99.9th percentile saturate 0.1 % of values by design. */
const SATURATED = 0.01;
/** Of the values that the ANN has above 0, as a share of all. */
const SILENT = 0.1;
/** A layer whose rates explain less than this of its activations is where to look first. */
const CORRELATED = 0.95;
/** Accuracy given up, in shares; less is within what a few hundred samples can tell. */
const LOSS = 0.005;

export function findingsOf(diagnosis: Omit<ConversionDiagnosis, 'findings' | 'samples'>): readonly Finding[] {
  return [
    ...diagnosis.layers.flatMap((layer) => layerFindings(layer, diagnosis.timesteps)),
    ...wholeFindings(diagnosis),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function layerFindings(layer: LayerDiagnosis, timesteps: number): readonly Finding[] {
  const found: Finding[] = [];
  const say = (problem: string, remedy: string): void => {
    found.push({ layer: layer.layer, severity: 'loses', problem, remedy });
  };
  if (layer.saturated > SATURATED)
    say(
      `${percent(layer.saturated)} of values fire at every step and should fire more`,
      'use a higher percentile or the maximum for its scale',
    );
  if (layer.silent > SILENT)
    say(
      `${percent(layer.silent)} of values never fire in ${timesteps} steps though the ANN's are above 0`,
      'start membranes at half the threshold, run more steps, or use a lower percentile',
    );
  if (layer.fires && layer.meanRate === 0 && layer.meanActivation > 0)
    say('no neuron ever fires', 'check the scales of this layer and of those before it, and run more steps');
  if (layer.correlation !== null && layer.correlation < CORRELATED)
    say(
      `rates follow activations with a correlation of ${layer.correlation.toFixed(3)} only`,
      layer.ownError > layer.relativeError / 2
        ? 'most of it arises here: change the scale of this layer'
        : 'most of it comes from the layers before: look at the first layer that is off',
    );
  return found;
}

function wholeFindings({
  annAccuracy,
  accuracy,
  timesteps,
  fixes,
}: Omit<ConversionDiagnosis, 'findings' | 'samples'>): readonly Finding[] {
  const loss = annAccuracy - accuracy;
  if (loss <= LOSS) return [];
  const [best] = fixes;
  const remedy =
    best !== undefined && best.gain > 0
      ? `${best.fix} (${best.change}) gains most of what was tried: ${percent(best.gain)}`
      : 'run more steps, or train the network with quantised activations';
  return [{ layer: '', severity: 'loses', problem: `${percent(loss)} of accuracy lost at ${timesteps} steps`, remedy }];
}
