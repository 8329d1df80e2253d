// Neurons with the dynamics of Norse 1.1 (`norse/torch/functional/lif.py`, `lif_box.py`, `heaviside.py`): fires at strictly more
// than v_th, resets to v_reset in the same step, Euler steps with rates dt/tau. The current takes the input, drives the
// membrane, and decays after that (Norse 1.0 and before let the membrane see the current one step later, so there the same
// spikes come a step after these). The gradient flows through the reset, except in the recurrent cell.

import { ConfigError } from '../../core/index.ts';
import { assembleNeuron } from '../neurons/assemble.ts';
import type { DecaySpec, NeuronSpec } from '../spec.ts';

export interface NorseBoxOptions {
  /** 1/tau of the membrane in 1/s. Default 100. */
  readonly tauMemInv?: number;
  readonly vLeak?: number;
  readonly vTh?: number;
  readonly vReset?: number;
  /** Steepness of the SuperSpike surrogate. Default 100. */
  readonly alpha?: number;
  /** Time step in seconds. Default 0.001. */
  readonly dt?: number;
}

export interface NorseOptions extends NorseBoxOptions {
  /** 1/tau of the synaptic current in 1/s. Default 200. */
  readonly tauSynInv?: number;
}

/** Share of a state lost in one Euler step, dt/tau; must lie between 0 and 1 for the decay not to oscillate. */
function rateOf(key: string, dt: number, inverse: number): number {
  const rate = dt * inverse;
  if (rate > 0 && rate < 1) return rate;
  throw new ConfigError(
    `norse.${key}`,
    `got a decay of ${rate} per step (dt ${dt} s x ${inverse} /s), expected more than 0 and less than 1`,
  );
}

function cell(
  kind: NeuronSpec['kind'],
  options: NorseOptions,
  reset: { kind: 'value' | 'subtract'; gradient: 'through' | 'detached' },
  more: Partial<Pick<NeuronSpec, 'synapse' | 'recurrent'>> = {},
): NeuronSpec {
  const vLeak = options.vLeak ?? 0;
  const tau = 1 / rateOf('tauMemInv', options.dt ?? 0.001, options.tauMemInv ?? 100);
  const decay: DecaySpec = { form: 'tau', tau, inputDecay: true, rest: vLeak };
  return assembleNeuron(
    kind,
    decay,
    {
      tie: '>',
      threshold: options.vTh ?? 1,
      reset: { ...reset, value: options.vReset ?? 0, moment: 'same-step', dropsInput: false },
      surrogate: { kind: 'fast-sigmoid', slope: options.alpha ?? 100 },
      initialMembrane: vLeak,
    },
    more,
  );
}

const synapseOf = (options: NorseOptions): { alpha: number } => ({
  alpha: 1 - rateOf('tauSynInv', options.dt ?? 0.001, options.tauSynInv ?? 200),
});

/** `lif_feed_forward_step`: i = i + x; v += dt/tau_mem (v_leak - v + i); then i loses dt/tau_syn. Throws ConfigError. */
function lif(options: NorseOptions = {}): NeuronSpec {
  return cell('synaptic', options, { kind: 'value', gradient: 'through' }, { synapse: synapseOf(options) });
}

/** `lif_step`, the recurrent cell: all-to-all without bias; the reset is detached. Throws ConfigError. */
function lifRecurrent(options: NorseOptions = {}): NeuronSpec {
  const recurrent = { topology: 'all-to-all', bias: false } as const;
  return cell(
    'recurrent-lif',
    options,
    { kind: 'value', gradient: 'detached' },
    { synapse: synapseOf(options), recurrent },
  );
}

/** `lif_box_feed_forward_step`: no synaptic current. Throws ConfigError. */
function lifBox(options: NorseBoxOptions & { readonly resetMethod?: 'value' | 'subtract' } = {}): NeuronSpec {
  return cell('lif', options, { kind: options.resetMethod ?? 'value', gradient: 'through' });
}

export const norse = { lif, lifRecurrent, lifBox } as const;
