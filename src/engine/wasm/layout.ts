// How tensors and parameters lie in memory: panels of 32 features; see kernels/memory.ts.

import type { ParameterSpec, Plan, TensorSpec } from '../plan.ts';

export const PANEL = 32;
export const panelsOf = (features: number): number => Math.ceil(features / PANEL);
/** Bytes of one panel of a weight matrix with `inputs` rows. */
export const weightPanelBytes = (inputs: number): number => Math.ceil(inputs / 4) * 4 * PANEL * 4;

/** Panels of one pixel: panel = pixel * panelsOf(channels) + channel / 32; a flat tensor is one pixel. */
export interface TensorLayout {
  readonly spec: TensorSpec;
  readonly rowsPerSample: number;
  readonly pixels: number;
  readonly channels: number;
  /** Panels of a pixel. */
  readonly channelPanels: number;
  readonly panels: number;
  readonly panelBytes: number;
  /** Of one chunk. */
  readonly chunkBytes: number;
}

/** Rows are padded to a multiple of six, the height of the register block. */
export function tensorLayout(spec: TensorSpec, timesteps: number, chunkSamples: number): TensorLayout {
  const rowsPerSample = spec.rows === 'step' ? timesteps : 1;
  const rows = Math.ceil((rowsPerSample * chunkSamples) / 6) * 6;
  const channels = spec.channels ?? spec.features;
  const pixels = spec.features / channels;
  const channelPanels = panelsOf(channels);
  const panels = spec.values === 'count' ? 1 : pixels * channelPanels;
  const panelBytes = spec.values === 'analog' ? rows * PANEL * 4 : Math.ceil((rows * 4) / 128) * 128;
  return { spec, rowsPerSample, pixels, channels, channelPanels, panels, panelBytes, chunkBytes: panels * panelBytes };
}

export interface ParameterLayout {
  readonly spec: ParameterSpec;
  readonly matrix: boolean;
  readonly bytes: number;
  /** What padding lanes hold: a threshold that is never reached, or zero. */
  readonly padding: number;
}

/** A threshold no membrane reaches, finite so that 0 times it is 0. */
export const NEVER_REACHED = 3e38;

/** Parameters used as matrices are stored as panels of their columns, [panel][row][32]; vectors as one padded row. */
export function parameterLayouts(plan: Plan): Map<string, ParameterLayout> {
  const matrices = matrixIds(plan);
  const thresholds = new Set<string>();
  for (const op of [...plan.forward, ...plan.backward])
    if ('dynamics' in op && op.dynamics.threshold !== undefined) thresholds.add(op.dynamics.threshold);
  const layouts = new Map<string, ParameterLayout>();
  for (const spec of plan.parameters) {
    const matrix = matrices.has(spec.id) || spec.rows > 1;
    const panels = panelsOf(spec.columns);
    const bytes = matrix ? panels * weightPanelBytes(spec.rows) : panels * PANEL * 4;
    layouts.set(spec.id, { spec, matrix, bytes, padding: thresholds.has(spec.id) ? NEVER_REACHED : 0 });
  }
  return layouts;
}

function matrixIds(plan: Plan): Set<string> {
  const ids = new Set<string>();
  for (const op of plan.forward) {
    if (op.kernel === 'dense') ids.add(op.weight);
    if (op.kernel === 'neuron' && op.dynamics.recurrent?.weight !== undefined) ids.add(op.dynamics.recurrent.weight);
  }
  for (const op of plan.backward) if (op.kernel === 'dense-backward') ids.add(op.weight);
  for (const op of plan.gradients) if (op.kernel === 'dense-gradient') ids.add(op.dWeight);
  for (const op of plan.update) {
    if (op.kernel !== 'sgd' && op.kernel !== 'adam') continue;
    const family = op.kernel === 'adam' ? [op.gradient, op.m, op.v] : [op.gradient, op.velocity];
    if (ids.has(op.parameter) || ids.has(op.gradient))
      for (const id of [op.parameter, ...family]) if (id !== undefined) ids.add(id);
  }
  return ids;
}

/** Float index of element (row, column). */
const placeOf = (layout: ParameterLayout, row: number, column: number): number =>
  layout.matrix ? (column >> 5) * (weightPanelBytes(layout.spec.rows) / 4) + row * PANEL + (column & 31) : column;

/** Row-major values into panels. */
export function writeParameter(memory: Float32Array, layout: ParameterLayout, values: ArrayLike<number>): void {
  const { rows, columns } = layout.spec;
  memory.fill(layout.padding);
  for (let r = 0, i = 0; r < rows; r++)
    for (let c = 0; c < columns; c++, i++) memory[placeOf(layout, r, c)] = values[i]!;
}

/** Panels into row-major values. */
export function readParameter(memory: Float32Array, layout: ParameterLayout): Float32Array {
  const { rows, columns } = layout.spec;
  const values = new Float32Array(rows * columns);
  for (let r = 0, i = 0; r < rows; r++)
    for (let c = 0; c < columns; c++, i++) values[i] = memory[placeOf(layout, r, c)]!;
  return values;
}

/** A kept tensor's first `samples` samples, row-major, into `out` (zeros) from element `offset` on. */
export function readTensor(
  buffer: ArrayBufferLike,
  address: number,
  layout: TensorLayout,
  samples: number,
  chunkSamples: number,
  out: Float32Array,
  offset: number,
): void {
  const { rowsPerSample, chunkBytes } = layout;
  const words = new Uint32Array(buffer);
  const read = { analog: readAnalogRow, spikes: readSpikeRow, count: readCountRow }[layout.spec.values];
  const floats = new Float32Array(buffer);
  const width = layout.spec.features;
  for (let n = 0, at = offset; n < samples; n++) {
    const chunk = address + Math.floor(n / chunkSamples) * chunkBytes;
    const firstRow = (n % chunkSamples) * rowsPerSample;
    for (let r = firstRow; r < firstRow + rowsPerSample; r++, at += width)
      read(words, floats, chunk / 4, layout, r, out, at);
  }
}

type ReadRow = (
  words: Uint32Array,
  floats: Float32Array,
  chunk: number,
  layout: TensorLayout,
  row: number,
  out: Float32Array,
  at: number,
) => void;

const readCountRow: ReadRow = (words, _floats, chunk, _layout, row, out, at) => {
  out[at] = words[chunk + row]!;
};

const readAnalogRow: ReadRow = (
  _words,
  floats,
  chunk,
  { panels, channels, channelPanels, panelBytes },
  row,
  out,
  at,
) => {
  for (let q = 0, to = at; q < panels; q++) {
    const from = chunk + (q * panelBytes) / 4 + row * PANEL;
    const width = Math.min(PANEL, channels - (q % channelPanels) * PANEL);
    for (let k = 0; k < width; k++) out[to + k] = floats[from + k]!;
    to += width;
  }
};

/** Only the set bits are visited: most words of most layers are nearly empty. */
const readSpikeRow: ReadRow = (
  words,
  _floats,
  chunk,
  { panels, channels, channelPanels, panelBytes },
  row,
  out,
  at,
) => {
  for (let q = 0, to = at; q < panels; q++) {
    let word = words[chunk + (q * panelBytes) / 4 + row]!;
    while (word !== 0) {
      const bit = 31 - Math.clz32(word & -word);
      out[to + bit] = 1;
      word &= word - 1;
    }
    to += Math.min(PANEL, channels - (q % channelPanels) * PANEL);
  }
};
