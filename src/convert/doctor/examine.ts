// Before a conversion: what will not convert faithfully, or not at all, and what to do about it.

import { INPUT_NAME, type NetworkSpec, type Weights } from '../../model/index.ts';
import { convertNetwork } from '../convert.ts';
import { type Draft, type DraftNode, draftOf, isOutput } from '../draft.ts';
import { FOLD_LIMIT } from '../passes/fold-average-pool.ts';
import { type PrepareOptions, prepareDraft } from '../prepare.ts';
import { ConversionRefusal } from '../refusal.ts';
import { refusals } from '../refuse.ts';
import { isSpiking } from '../spiking.ts';
import type { Finding } from './diagnosis.ts';

/** Layers of neurons from which on rates take noticeably longer to settle. */
const DEEP = 10;

/**
 * Findings about converting the ANN reading of `spec`, refusals first. None `refused` means that `convertNetwork` will do it.
 * Throws ShapeError for weights of another network.
 */
export function examine(spec: NetworkSpec, weights: Weights, options: PrepareOptions = {}): readonly Finding[] {
  const original = draftOf(spec, weights);
  const refused = refusedLayers(spec, weights, options, original);
  const layers = original.nodes.flatMap((node) => layerFindings(original, node, options));
  if (refused.length > 0) return [...refused, ...layers];
  const prepared = prepareDraft(spec, weights, options);
  const own = prepared.nodes.filter(({ layer }) => spec.layers.some(({ name }) => name === layer.name));
  return [...layers, ...own.flatMap((node) => analogFindings(prepared, node)), ...depthFindings(prepared)];
}

/** All refusals of single layers, and the first of the passes. */
function refusedLayers(spec: NetworkSpec, weights: Weights, options: PrepareOptions, draft: Draft): readonly Finding[] {
  const found = new Map<string, ConversionRefusal>();
  for (const refusal of refusals(draft)) if (!isLastSoftmax(draft, refusal.layer)) found.set(refusal.layer, refusal);
  try {
    const slots = spec.layers.filter(({ kind }) => kind === 'slot');
    convertNetwork(spec, weights, new Map(slots.map(({ name }, i) => [name, 1 + i])), options);
  } catch (error) {
    if (!(error instanceof ConversionRefusal)) throw error;
    found.set(error.layer, error);
  }
  return [...found.values()].map(({ layer, problem, remedy }) => ({ layer, severity: 'refused', problem, remedy }));
}

const isLastSoftmax = (draft: Draft, name: string): boolean => isOutput(draft, name);

function layerFindings(draft: Draft, { layer, reads }: DraftNode, options: PrepareOptions): readonly Finding[] {
  const found = (severity: Finding['severity'], problem: string, remedy: string): readonly Finding[] => [
    { layer: layer.name, severity, problem, remedy },
  ];
  switch (layer.kind) {
    case 'softmax':
      return found(
        'note',
        'is dropped: the largest input has the largest probability',
        'read classes, not probabilities',
      );
    case 'dropout':
      return found('note', 'is dropped: it acts in training only', 'nothing to do');
    case 'pool':
      return layer.mode === 'average' ? [] : maxPoolFinding(layer.name, options);
    case 'slot':
      return slotFindings(draft, layer.name, layer.ann, found);
    case 'join':
      return reads.some((read) => isSpiking(draft, read))
        ? found(
            'costs',
            'adds spikes to a branch of another scale: a 1x1 convolution of each channel, or a shared scale, brings them together',
            'nothing is lost; a branch that ends in a convolution needs none',
          )
        : [];
    default:
      return [];
  }
}

function maxPoolFinding(layer: string, { maxPool = 'winner' }: PrepareOptions): readonly Finding[] {
  const problem = {
    winner:
      'the maximum of rates is that of the input that has spiked most so far: wrong in the first steps, and in ties',
    or: 'the OR of spikes is more than the largest rate wherever inputs fire in turn',
    average: 'is replaced by an average pool, which is another network',
  }[maxPool];
  const remedy = {
    winner: 'run more steps, or train with average pools',
    or: 'use maxPool: winner',
    average: 'train with average pools, or use maxPool: winner',
  }[maxPool];
  return [{ layer, severity: 'loses', problem, remedy }];
}

function slotFindings(
  draft: Draft,
  name: string,
  ann: NonNullable<Extract<DraftNode['layer'], { kind: 'slot' }>['ann']>,
  found: (severity: Finding['severity'], problem: string, remedy: string) => readonly Finding[],
): readonly Finding[] {
  if (ann === 'relu6')
    return found('note', 'ReLU6: a neuron that fires at every step stands for at most 6', 'nothing to do');
  if (typeof ann !== 'object') return [];
  if (ann.kind === 'quantized')
    return found(
      'note',
      `quantised to ${ann.levels} levels: its ceiling is the scale, and membranes start at half the threshold`,
      `run ${ann.levels} steps: other numbers round to other levels than the ANN was trained with`,
    );
  return isOutput(draft, name)
    ? found('note', 'leaky ReLU at the output: read as the identity, which has the same largest class', 'nothing to do')
    : found(
        'costs',
        'leaky ReLU: takes two neurons a channel, one for values below 0',
        'use a ReLU if accuracy allows',
      );
}

/** Layers with weights that get numbers at every step where they could get spikes. */
function analogFindings(draft: Draft, { layer, reads }: DraftNode): readonly Finding[] {
  if (layer.kind !== 'conv' && layer.kind !== 'dense') return [];
  const source = draft.nodes.find((node) => node.layer.name === reads[0]);
  if (source === undefined || reads[0] === INPUT_NAME || isSpiking(draft, reads[0]!)) return [];
  if (!readsSpikesSomewhere(draft, reads[0]!)) return [];
  const pooled = throughFlatten(draft, source)?.layer;
  const remedy =
    pooled?.kind === 'pool'
      ? `raise foldLimit above ${FOLD_LIMIT} to fold the pool into its weights`
      : 'put an activation between the two, or merge them into one layer';
  const problem = `reads "${reads[0]}", which is not spikes: it multiplies at every step, and is counted so`;
  return [{ layer: layer.name, severity: 'costs', problem, remedy }];
}

const throughFlatten = (draft: Draft, node: DraftNode): DraftNode | undefined =>
  node.layer.kind === 'flatten' ? draft.nodes.find(({ layer }) => layer.name === node.reads[0]) : node;

/** Does `name` change from step to step? What follows a constant input alone does not. */
function readsSpikesSomewhere(draft: Draft, name: string): boolean {
  const node = draft.nodes.find(({ layer }) => layer.name === name);
  if (node === undefined) return false;
  return node.layer.kind === 'slot' || node.reads.some((read) => readsSpikesSomewhere(draft, read));
}

function depthFindings(draft: Draft): readonly Finding[] {
  const layers = draft.nodes.filter(({ layer }) => layer.kind === 'slot' && layer.ann !== 'identity').length;
  if (layers < DEEP) return [];
  const remedy = 'start membranes at half the threshold, run more steps, or train with quantised activations';
  return [
    {
      layer: '',
      severity: 'loses',
      problem: `${layers} layers of neurons: rates settle late in the last ones`,
      remedy,
    },
  ];
}
