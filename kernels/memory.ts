// How kernels find their data. Matrices of a chunk are stored in panels of 32 features: [panel][row][32] float32, so that a
// spike word (32 neurons), a register block and two cache lines coincide; spikes are bits, [panel][row] u32.
//
// A kernel gets a descriptor (32-bit words), the chunk (or item) it works on and its thread. A tensor operand is three words:
// base address, bytes from chunk to chunk, bytes from thread to thread; base 0 means absent.

export const PANEL_BYTES: usize = 128;

/** Run header: what changes from run to run; one per memory, written by the host. */
export const HEADER: usize = 1024;
export const H_SAMPLES: usize = HEADER;
export const H_CHUNK_SAMPLES: usize = HEADER + 4;
export const H_LOSS_SAMPLES: usize = HEADER + 8;
export const H_SEED: usize = HEADER + 12;
export const H_EPOCH: usize = HEADER + 16;
export const H_LABELS: usize = HEADER + 20;
export const H_IDS: usize = HEADER + 24;
export const H_STAGING: usize = HEADER + 28;
export const H_STEP_SIZE: usize = HEADER + 32;
export const H_BETA1: usize = HEADER + 36;
export const H_BETA2: usize = HEADER + 40;
export const H_EPSILON: usize = HEADER + 44;
export const H_MOMENTUM: usize = HEADER + 48;
export const H_WEIGHT_DECAY: usize = HEADER + 52;
export const H_CLIP_NORM: usize = HEADER + 56;
export const H_STEP: usize = HEADER + 60;
export const H_ROOT_BIAS2: usize = HEADER + 64;
export const H_LEARNING_RATE: usize = HEADER + 68;
export const H_CLIP_SCALE: usize = HEADER + 72;
export const H_CHUNKS: usize = HEADER + 76;
/** 1 - beta1 and 1 - beta2, subtracted in float64. */
export const H_REST1: usize = HEADER + 80;
export const H_REST2: usize = HEADER + 84;
/** Targets of a regression, [sample, output]. */
export const H_TARGETS: usize = HEADER + 88;
/** 512 zero bytes: the start value of sums without a bias. */
export const ZEROS: usize = HEADER + 512;

// @ts-ignore: decorator
@inline
export function word(d: usize, index: usize): i32 {
  return load<i32>(d + (index << 2));
}

// @ts-ignore: decorator
@inline
export function real(d: usize, index: usize): f32 {
  return load<f32>(d + (index << 2));
}

// @ts-ignore: decorator
@inline
export function address(d: usize, index: usize): usize {
  return load<u32>(d + (index << 2));
}

/** Address of tensor operand `index` for this chunk and thread; 0 if absent. */
// @ts-ignore: decorator
@inline
export function operand(d: usize, index: usize, chunk: i32, thread: i32): usize {
  return (
    <usize>load<u32>(d + (index << 2)) +
    <usize>chunk * <usize>load<u32>(d + (index << 2) + 4) +
    <usize>thread * <usize>load<u32>(d + (index << 2) + 8)
  );
}

/** Samples in this chunk: the last one may be short. */
// @ts-ignore: decorator
@inline
export function samplesOf(chunk: i32): i32 {
  const size = load<i32>(H_CHUNK_SAMPLES);
  return min(size, load<i32>(H_SAMPLES) - chunk * size);
}

/** Bytes of one panel of a weight matrix with `inputs` rows: [inputs, padded to 4][32]. */
// @ts-ignore: decorator
@inline
export function weightStride(inputs: i32): usize {
  return <usize>((inputs + 3) & ~3) * PANEL_BYTES;
}
