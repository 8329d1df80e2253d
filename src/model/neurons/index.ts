export type { LeakyOptions, NeuronOptions } from './assemble.ts';
export { checkNeuron, perNeuronLengths } from './check.ts';
export { ifNeuron } from './if.ts';
export { integrator } from './integrator.ts';
export { lif } from './lif.ts';
export { plif } from './plif.ts';
export { type RecurrentOptions, recurrentLif } from './recurrent-lif.ts';
export { type SynapticOptions, synaptic } from './synaptic.ts';
