// The six devices of KerasSpiking's energy model, priced twice with its own constants: as that model counts, and as the network ran.

import type { ForecasterRecord } from '../../forecast/index.ts';

export interface Device {
  /** As the model calls it; the profile is `keras-` and this. */
  readonly id: string;
  readonly name: string;
}

export const DEVICES: readonly Device[] = [
  { id: 'cpu', name: 'CPU' },
  { id: 'gpu', name: 'GPU' },
  { id: 'arm', name: 'ARM' },
  { id: 'loihi', name: 'Loihi' },
  { id: 'spinnaker', name: 'SpiNNaker' },
  { id: 'spinnaker2', name: 'SpiNNaker 2' },
];

/** Joules of one forecast by KerasSpiking's ModelEnergy; null where it has no figure. */
export function kerasEnergy({ run }: ForecasterRecord, { id }: Device): number | null {
  const found = run?.kerasSpiking.quantities.find(({ name }) => name === `energy ${id}`);
  return found?.value ?? null;
}

/** Joules by the same constants for all that was executed; null where the device cannot run the network as it is. */
export const executedEnergy = (forecaster: ForecasterRecord, { id }: Device): number | null =>
  profileEnergy(forecaster, `keras-${id}`);

/** Joules by a profile; null where it does not apply. */
export function profileEnergy({ run }: ForecasterRecord, profile: string): number | null {
  const found = run?.energy.find((estimate) => estimate.profile === profile);
  return found === undefined || found.notApplicable !== undefined ? null : found.total;
}

/** Profiles shown beside the devices: bare operators, and with memory. */
export const OPERATORS = { id: 'horowitz-45nm-fp32', name: 'operators' } as const;
export const WITH_MEMORY = { id: 'lemaire-45nm-int32', name: 'with memory' } as const;

/** What KerasSpiking's ModelEnergy leaves out, by its source (keras_spiking/model_energy.py), a sentence each. */
export const LEFT_OUT: readonly string[] = [
  'CPU, GPU and ARM: it bills one pass, whatever the number of time steps, and no spike. A spiking network simulated there makes a pass at every step; the second table bills each.',
  'Recurrent synapses are free: it knows dense and convolutional layers and warns of others, which then cost nothing.',
  'An analog input is taken for a rate in Hz: at its step of 1 ms, a value of 1 injected at every step is billed as one spike a second, 1000 times too cheap. The chips have no price for a multiplication, so the second table leaves such a network out.',
  'Biases, encoding and reading out, memory and data movement, idle and static power are in none of its figures.',
  'Every neuron update has one price, whatever the neuron. The constants are of different years and processes (CPU and GPU of 2013 and 2014, chips of 130 nm to 14 nm), and the one of Loihi adds a time to an energy (23.6 pJ + 3.5 ns).',
  'Ratios between two devices compare silicon, not networks; only within a column do networks compare.',
];
