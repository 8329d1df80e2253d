// Max pooling in a network of rates. The maximum of two rates is not the rate of any simple function of their spikes, so there
// is a choice: the spikes of the input that has spiked most so far (`winner`; Rueckauer et al. 2017), the OR of the spikes
// (`or`: too high wherever inputs fire in turn), or average pooling instead (`average`: another network).
// A pool in front of an activation is moved behind it, where its inputs spike: max(relu(x)) = relu(max(x)).

import type { ActivationSpec, PoolSpec } from '../../model/index.ts';
import { type Draft, type DraftNode, nodeOf, onlyReader, replaceLayer, withStep } from '../draft.ts';
import { ConversionRefusal } from '../refusal.ts';
import { isSpiking } from '../spiking.ts';

export type MaxPoolChoice = 'winner' | 'or' | 'average';

export function convertMaxPools(choice: MaxPoolChoice): (draft: Draft) => Draft {
  return (draft) => {
    let result = draft;
    for (const { layer } of draft.nodes) {
      if (layer.kind !== 'pool' || layer.mode === 'average') continue;
      result = choice === 'average' ? averaged(result, layer) : spikingPool(moved(result, layer), layer, choice);
    }
    return result;
  };
}

function averaged(draft: Draft, pool: PoolSpec): Draft {
  const replaced = replaceLayer(draft, pool.name, { ...pool, mode: 'average' });
  return withStep(replaced, 'max-pool', pool.name, 'average pooling instead: another network, check its accuracy');
}

function spikingPool(draft: Draft, pool: PoolSpec, choice: 'winner' | 'or'): Draft {
  const source = nodeOf(draft, nodeOf(draft, pool.name)!.reads[0]!);
  refuseSigned(pool, source);
  if (!isSpiking(draft, pool.name)) return withStep(draft, 'max-pool', pool.name, 'pools analog values: kept as it is');
  const mode = choice === 'winner' ? 'winner' : 'max';
  const effect = mode === 'winner' ? 'passes on the input that has spiked most so far' : 'OR of the spikes';
  return withStep(replaceLayer(draft, pool.name, { ...pool, mode }), 'max-pool', pool.name, effect);
}

function refuseSigned(pool: PoolSpec, source: DraftNode | undefined): void {
  if (source?.layer.kind !== 'slot' || !isLeaky(source.layer.ann)) return;
  throw new ConversionRefusal(
    `pool "${pool.name}"`,
    pool.name,
    `takes the maximum of slot "${source.layer.name}", a leaky ReLU, whose values below 0 have neurons of their own`,
    'use average pooling (maxPool: average) or a ReLU',
  );
}

const isLeaky = (ann: ActivationSpec): boolean => typeof ann === 'object' && ann.kind === 'leaky-relu';

/** Activations that keep order and give what spikes can carry. */
const commutes = (ann: ActivationSpec): boolean => ann !== 'identity' && !isLeaky(ann);

/** conv, max pool, activation -> conv, activation, max pool. */
function moved(draft: Draft, pool: PoolSpec): Draft {
  const node = nodeOf(draft, pool.name)!;
  const next = onlyReader(draft, pool.name);
  if (next?.layer.kind !== 'slot' || !commutes(next.layer.ann)) return draft;
  if (isSpiking(draft, node.reads[0]!)) return draft;
  const slot: DraftNode = { layer: next.layer, reads: node.reads };
  const behind: DraftNode = { layer: node.layer, reads: [slot.layer.name] };
  const nodes = draft.nodes
    .filter(({ layer }) => layer.name !== slot.layer.name)
    .flatMap((other) =>
      other.layer.name === pool.name
        ? [slot, behind]
        : [{ ...other, reads: other.reads.map((read) => (read === slot.layer.name ? pool.name : read)) }],
    );
  return withStep(
    { ...draft, nodes },
    'max-pool',
    pool.name,
    `moved behind "${slot.layer.name}", where its inputs spike`,
  );
}
