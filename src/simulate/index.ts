export type { ActivityTrace, DenseActivity, EncoderActivity, LayerActivity, NeuronActivity, ReluActivity } from './trace.ts';
