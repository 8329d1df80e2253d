// Chips. KerasSpiking's device table; whole-chip figures of TrueNorth and ODIN at one operating point; Loihi 1 as simulated.

import type { Joules } from '../../core/index.ts';
import type { Column } from '../counts.ts';
import { constant, energyOfOne } from './constants.ts';
import type { LinearProfile } from './profile.ts';
import { sourcesOf } from './sources.ts';

const NEURON_PARTS: readonly Column[] = ['biasAcs', 'leakMacs', 'stateAcs', 'compares', 'resets'];
const TRAFFIC: readonly Column[] = [
  'inputReads',
  'weightReads',
  'biasReads',
  'stateReads',
  'stateWrites',
  'outputWrites',
];

type Text = Pick<LinearProfile, 'id' | 'label' | 'caveat'>;

/** A processor that does not skip zeros: T dense passes, and a neuron update costs what a synapse does. */
function processor(text: Text, id: string): LinearProfile {
  const each = energyOfOne(id);
  return {
    model: 'linear',
    ...text,
    type: 'whole-device',
    terms: [
      { term: 'synapses', prices: { denseMacs: each, denseAcs: each } },
      { term: 'neurons', prices: { neuronUpdates: each, reluOps: each } },
    ],
    covers: ['macs', 'acs', ...NEURON_PARTS, ...TRAFFIC],
    allIn: false,
    runs: 'any network',
    constants: [id],
    source: sourcesOf([id]),
  };
}

/** A spiking chip: a price a synaptic event, and one a neuron update unless the figure is all-in. */
function spikingChip(text: Text, type: LinearProfile['type'], synapse: string, neuron?: string): LinearProfile {
  const event: { term: string; prices: { acs: Joules } } = { term: 'synapses', prices: { acs: energyOfOne(synapse) } };
  const allIn = neuron === undefined;
  return {
    model: 'linear',
    ...text,
    type,
    terms: allIn ? [event] : [event, { term: 'neurons', prices: { neuronUpdates: energyOfOne(neuron) } }],
    covers: [...NEURON_PARTS, ...TRAFFIC, ...(allIn ? (['neuronUpdates'] as const) : [])],
    allIn,
    runs: 'spiking networks',
    constants: allIn ? [synapse] : [synapse, neuron],
    source: sourcesOf(allIn ? [synapse] : [synapse, neuron]),
  };
}

const dense = (id: string): string =>
  `${constant(id).note}; a part of 2013 or 2014; every step is a dense pass, zeros are not skipped`;

export const DEVICE_PROFILES: readonly LinearProfile[] = [
  processor({ id: 'keras-cpu', label: 'desktop CPU', caveat: dense('keras-cpu-synop') }, 'keras-cpu-synop'),
  processor({ id: 'keras-gpu', label: 'desktop GPU', caveat: dense('keras-gpu-synop') }, 'keras-gpu-synop'),
  processor({ id: 'keras-arm', label: 'ARM Cortex-A', caveat: dense('keras-arm-synop') }, 'keras-arm-synop'),
  spikingChip(
    { id: 'keras-loihi', label: 'Loihi as in KerasSpiking', caveat: constant('keras-loihi-synop').note },
    'whole-device',
    'keras-loihi-synop',
    'keras-loihi-neuron',
  ),
  spikingChip(
    { id: 'keras-spinnaker', label: 'SpiNNaker', caveat: constant('keras-spinnaker-synop').note },
    'whole-device',
    'keras-spinnaker-synop',
    'keras-spinnaker-neuron',
  ),
  spikingChip(
    { id: 'keras-spinnaker2', label: 'SpiNNaker 2 prototype', caveat: constant('keras-spinnaker2-synop').note },
    'whole-device',
    'keras-spinnaker2-synop',
    'keras-spinnaker2-neuron',
  ),
  spikingChip(
    {
      id: 'truenorth-all-in',
      label: 'TrueNorth, all-in',
      caveat: `${constant('truenorth-allin').note}; at other rates it is wrong by -41 % to +256 %`,
    },
    'whole-device',
    'truenorth-allin',
  ),
  spikingChip(
    { id: 'odin-all-in', label: 'ODIN, all-in at full rate', caveat: constant('odin-allin-fast').note },
    'whole-device',
    'odin-allin-fast',
  ),
  spikingChip(
    {
      id: 'odin-all-in-biological',
      label: 'ODIN, all-in at biological rates',
      caveat: constant('odin-allin-bio').note,
    },
    'whole-device',
    'odin-allin-bio',
  ),
  spikingChip(
    {
      id: 'loihi-1-minimum',
      label: 'Loihi 1, simulated minimum',
      caveat: `${constant('loihi1-synop-min').note}; every neuron update taken as active; spike routing and static power left out`,
    },
    'simulated',
    'loihi1-synop-min',
    'loihi1-neuron-active',
  ),
];
