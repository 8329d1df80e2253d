// What a neuron layer and its backward ask of their operands. N is the number of neurons; on maps, vectors
// hold one value a channel.

import type { BackwardOp, ForwardOp, NeuronOpDynamics, TensorSpec } from '../plan.ts';
import { channelsOf, type Operands, shapeOf } from './operands.ts';

const ANALOG = { values: ['analog'] } as const;
const SPIKES = { values: ['spikes'] } as const;

export function checkNeuron(op: Extract<ForwardOp, { kernel: 'neuron' }>, use: Operands): void {
  const current = use.reads('current', op.current, ANALOG);
  checkDynamics(op.dynamics, current, use);
  const step = { ...shapeOf(current), rows: 'step' } as const;
  use.writesIf('spikes', op.spikes, { ...SPIKES, ...step });
  use.writesIf('charge', op.charge, { ...ANALOG, ...step });
  use.writesIf('membrane', op.membrane, { ...ANALOG, ...step });
  use.writesIf('synapse', op.synapse, { ...ANALOG, ...step });
}

export function checkNeuronBackward(op: Extract<BackwardOp, { kernel: 'neuron-backward' }>, use: Operands): void {
  const current = use.reads('current', op.current, ANALOG);
  checkDynamics(op.dynamics, current, use);
  const step = { ...ANALOG, ...shapeOf(current), rows: 'step' } as const;
  use.readsIf('spikes', op.spikes, { ...step, ...SPIKES });
  use.reads('charge', op.charge, step);
  use.readsIf('membrane', op.membrane, step);
  use.readsIf('synapse', op.synapse, step);
  use.readsIf('dSpikes', op.dSpikes, step);
  use.readsIf('dMembrane', op.dMembrane, step);
  if (op.dSpikes === undefined && op.dMembrane === undefined)
    use.refuse('neither dSpikes nor dMembrane is given; give at least one');
  if (op.dAlpha !== undefined && op.dynamics.alpha === undefined) use.refuse('dAlpha is asked for without an alpha');
  if (op.dThreshold !== undefined && op.dynamics.threshold === undefined)
    use.refuse('dThreshold is asked for without a threshold');
  if (op.dB !== undefined && op.dynamics.recurrent !== undefined && op.synapse === undefined)
    use.refuse('dB of a recurrent layer needs synapse, which holds the recurrent input too');
  use.writes('dCurrent', op.dCurrent, { ...ANALOG, ...shapeOf(current) });
  const sample = { ...ANALOG, ...shapeOf(current), rows: 'sample' } as const;
  for (const role of ['dA', 'dB', 'dC', 'dThreshold', 'dAlpha'] as const) use.writesIf(role, op[role], sample);
}

function checkDynamics(dynamics: NeuronOpDynamics, current: TensorSpec, use: Operands): void {
  const channels = channelsOf(current);
  for (const role of ['a', 'b', 'c', 'threshold', 'alpha'] as const) use.parameterIf(role, dynamics[role], 1, channels);
  const { recurrent } = dynamics;
  if (recurrent === undefined) return;
  const n = current.features;
  if (channels !== n)
    use.refuse(`a map of ${channels} channels cannot be recurrent; reshape "${current.id}" to a flat tensor`);
  if ((recurrent.weight === undefined) === (recurrent.scale === undefined))
    use.refuse('a recurrent layer needs either a weight [N, N] or a scale [N]');
  use.parameterIf('recurrent weight', recurrent.weight, n, n);
  use.parameterIf('recurrent scale', recurrent.scale, 1, n);
  use.parameterIf('recurrent bias', recurrent.bias, 1, n);
}
