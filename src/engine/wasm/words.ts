// Fixed places in the kernels' memory, as indices of 32-bit words; kernels/memory.ts and kernels/scheduler.ts say the same.

const SYNC_BASE = 512 / 4;
const HEADER_BASE = 1024 / 4;

export const SYNC = {
  generation: SYNC_BASE,
  stop: SYNC_BASE + 5,
  threads: SYNC_BASE + 6,
  failed: SYNC_BASE + 7,
  mainWaits: SYNC_BASE + 8,
} as const;

export const HEADER = {
  samples: HEADER_BASE,
  chunkSamples: HEADER_BASE + 1,
  lossSamples: HEADER_BASE + 2,
  seed: HEADER_BASE + 3,
  epoch: HEADER_BASE + 4,
  labels: HEADER_BASE + 5,
  ids: HEADER_BASE + 6,
  staging: HEADER_BASE + 7,
  stepSize: HEADER_BASE + 8,
  beta1: HEADER_BASE + 9,
  beta2: HEADER_BASE + 10,
  epsilon: HEADER_BASE + 11,
  momentum: HEADER_BASE + 12,
  weightDecay: HEADER_BASE + 13,
  clipNorm: HEADER_BASE + 14,
  step: HEADER_BASE + 15,
  rootBias2: HEADER_BASE + 16,
  learningRate: HEADER_BASE + 17,
  clipScale: HEADER_BASE + 18,
  chunks: HEADER_BASE + 19,
  rest1: HEADER_BASE + 20,
  rest2: HEADER_BASE + 21,
} as const;

/** First byte free for allocation: after the fixed places and the module's own data. */
export const HEAP_BASE = 65536;

/** Opcodes of the scheduler. */
export const OPCODE = {
  load: 0,
  'encode-rate': 1,
  'encode-latency': 2,
  'encode-delta': 3,
  dense: 4,
  relu: 5,
  dropout: 6,
  neuron: 7,
  count: 8,
  loss: 9,
  'dense-backward': 10,
  'relu-backward': 11,
  'neuron-backward': 12,
  'dense-gradient': 13,
  'sum-gradient': 14,
  'scale-gradient': 15,
  adam: 16,
  sgd: 17,
  'clip-partial': 18,
  'clip-combine': 19,
  'clip-scale': 20,
  zero: 21,
  transpose: 22,
  'derive-decay': 23,
  'derive-decay-backward': 24,
  spread: 25,
  'spread-backward': 26,
} as const;
