// What limits what a comparison shows, in words: dead layers, small test sets, notes of training.

import type { DataRecord, NetworkRecord } from '../store/index.ts';

/** Below this many test images two accuracies a point apart cannot be told from each other. */
const FEW_TEST_SAMPLES = 1000;

/** A sentence each; none if nothing is to be said. */
export function warningsOf(data: DataRecord, networks: readonly NetworkRecord[]): readonly string[] {
  return [...dataWarnings(data), ...networks.flatMap(networkWarnings)];
}

function dataWarnings({ name, testSamples, officialTestSamples, skipped = [] }: DataRecord): string[] {
  const found: string[] = [];
  if (testSamples < officialTestSamples) {
    found.push(`Tested on ${testSamples} of the ${officialTestSamples} official test images of ${name}.`);
  }
  if (skipped.length > 0) {
    const [first] = skipped;
    const others = skipped.length === 1 ? '' : ` and ${skipped.length - 1} more`;
    found.push(`Left out as damaged: ${first!.path}${others} (${first!.reason}).`);
  }
  if (testSamples < FEW_TEST_SAMPLES) {
    found.push(`${testSamples} test images are few: the 95 % intervals are wide, and small differences mean nothing.`);
  }
  return found;
}

function networkWarnings(network: NetworkRecord): string[] {
  const notes = (network.training?.notes ?? []).map((note) => `${network.name}: ${note.replace(/\.?$/, '.')}`);
  const layers = network.trace.layers.flatMap((layer) => {
    if (layer.kind !== 'neuron' || !layer.fires) return [];
    if (layer.silentNeurons === layer.neurons)
      return [`${network.name}: no neuron of layer ${layer.layer} ever fired.`];
    if (layer.saturatedNeurons === layer.neurons) {
      return [`${network.name}: all neurons of layer ${layer.layer} fired at every step.`];
    }
    return [];
  });
  const { undecided, samples } = network.accuracy;
  const silent =
    undecided > 0 ? [`${network.name}: ${undecided} of ${samples} images got no output spike and count as wrong.`] : [];
  return [...notes, ...layers, ...silent];
}
