// How tensors and parameters lie in memory: panels of 32 features; see kernels/memory.ts.

import type { ParameterSpec, Plan, TensorSpec, Window } from '../plan.ts';

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

/** The weight of a convolution: rows are taps times channels. Groups are kept as one matrix with zeros between them. */
export interface ConvForm {
  readonly taps: number;
  /** Input channels, of all groups. */
  readonly channels: number;
  readonly groups: number;
  /** The backward pass goes by Winograd's way; see kernels/winograd.ts. */
  readonly winograd: boolean;
}

/** Channels below which the transforms cost more than they save. */
const WINOGRAD_CHANNELS = 16;

function takesWinograd({ kernel, stride, dilation }: Window, groups: number, inputs: number, outputs: number): boolean {
  const small = [...kernel, ...stride, ...dilation].join() === '3,3,1,1,1,1' && groups === 1;
  return small && Math.min(inputs, outputs) >= WINOGRAD_CHANNELS;
}

export interface ParameterLayout {
  readonly spec: ParameterSpec;
  readonly matrix: boolean;
  /** Absent for depthwise weights, which are multiplied lane by lane. */
  readonly conv?: ConvForm;
  readonly bytes: number;
  /** What padding lanes hold: a threshold that is never reached, or zero. */
  readonly padding: number;
}

/** A threshold no membrane reaches, finite so that 0 times it is 0. */
export const NEVER_REACHED = 3e38;

/** Parameters used as matrices are stored as panels of their columns, [panel][row][32]; vectors as one padded row. */
export function parameterLayouts(plan: Plan): Map<string, ParameterLayout> {
  const matrices = matrixIds(plan);
  const convs = convForms(plan);
  const thresholds = new Set<string>();
  for (const op of [...plan.forward, ...plan.backward])
    if ('dynamics' in op && op.dynamics.threshold !== undefined) thresholds.add(op.dynamics.threshold);
  const layouts = new Map<string, ParameterLayout>();
  for (const spec of plan.parameters) {
    const matrix = matrices.has(spec.id) || spec.rows > 1;
    const panels = panelsOf(spec.columns);
    const conv = convs.get(spec.id);
    const rows = conv === undefined ? spec.rows : conv.taps * conv.channels;
    const bytes = matrix ? panels * weightPanelBytes(rows) : panels * PANEL * 4;
    const padding = thresholds.has(spec.id) ? NEVER_REACHED : 0;
    layouts.set(spec.id, { spec, matrix, ...(conv && { conv }), bytes, padding });
  }
  return layouts;
}

function matrixIds(plan: Plan): Set<string> {
  const ids = new Set<string>();
  for (const op of plan.forward) {
    if (op.kernel === 'dense' || op.kernel === 'conv') ids.add(op.weight);
    if (op.kernel === 'neuron' && op.dynamics.recurrent?.weight !== undefined) ids.add(op.dynamics.recurrent.weight);
  }
  for (const op of plan.backward)
    if (op.kernel === 'dense-backward' || op.kernel === 'conv-backward') ids.add(op.weight);
  for (const op of plan.gradients)
    if (op.kernel === 'dense-gradient' || op.kernel === 'conv-gradient') ids.add(op.dWeight);
  for (const family of families(plan)) if (family.some((id) => ids.has(id))) for (const id of family) ids.add(id);
  return ids;
}

/** A trained parameter, its gradient and its optimiser's state: what one update walks through side by side. */
const families = (plan: Plan): string[][] =>
  plan.update.flatMap((op) => {
    if (op.kernel !== 'sgd' && op.kernel !== 'adam') return [];
    const state = op.kernel === 'adam' ? [op.m, op.v] : [op.velocity];
    return [[op.parameter, op.gradient, ...state].filter((id) => id !== undefined)];
  });

/** Of every weight of a convolution that is not depthwise, and of what is shaped like it. */
function convForms(plan: Plan): Map<string, ConvForm> {
  const tensors = new Map(plan.tensors.map((spec) => [spec.id, spec]));
  const channelsOf = (id: string): number => tensors.get(id)!.channels ?? tensors.get(id)!.features;
  const forms = new Map<string, ConvForm>();
  const add = (id: string, window: Window, groups: number, x: string, y: string): void => {
    const [channels, filters] = [channelsOf(x), channelsOf(y)];
    if (groups > 1 && channels === groups && filters === groups) return;
    const winograd = takesWinograd(window, groups, channels, filters);
    forms.set(id, { taps: window.kernel[0] * window.kernel[1], channels, groups, winograd });
  };
  for (const op of plan.forward) if (op.kernel === 'conv') add(op.weight, op.window, op.groups, op.x, op.y);
  for (const op of plan.backward) if (op.kernel === 'conv-backward') add(op.weight, op.window, op.groups, op.dx, op.dy);
  for (const op of plan.gradients)
    if (op.kernel === 'conv-gradient') add(op.dWeight, op.window, op.groups, op.x, op.dy);
  for (const family of families(plan)) {
    const form = family.map((id) => forms.get(id)).find((found) => found !== undefined);
    if (form !== undefined) for (const id of family) forms.set(id, form);
  }
  return forms;
}

/** Float index of element (row, column). */
function placeOf({ matrix, conv, spec }: ParameterLayout, row: number, column: number): number {
  if (!matrix) return column;
  let stored = row;
  if (conv !== undefined && conv.groups > 1) {
    const each = conv.channels / conv.groups;
    const group = Math.floor(column / (spec.columns / conv.groups));
    stored = Math.floor(row / each) * conv.channels + group * each + (row % each);
  }
  const rows = conv === undefined ? spec.rows : conv.taps * conv.channels;
  return (column >> 5) * (weightPanelBytes(rows) / 4) + stored * PANEL + (column & 31);
}

/** Calls `run` for each stretch of elements that lie side by side in panels and in row-major order; grouped channels are scattered. */
function eachRun(layout: ParameterLayout, run: (place: number, index: number, length: number) => void): void {
  const { matrix, conv, spec } = layout;
  const { rows, columns } = spec;
  const most = !matrix ? columns : conv !== undefined && conv.groups > 1 ? 1 : PANEL;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c += most) run(placeOf(layout, r, c), r * columns + c, Math.min(most, columns - c));
}

/** Row-major values into panels. */
export function writeParameter(memory: Float32Array, layout: ParameterLayout, values: ArrayLike<number>): void {
  memory.fill(layout.padding);
  eachRun(layout, (place, index, length) => {
    for (let k = 0; k < length; k++) memory[place + k] = values[index + k]!;
  });
}

/** Panels into row-major values. */
export function readParameter(memory: Float32Array, layout: ParameterLayout): Float32Array {
  const values = new Float32Array(layout.spec.rows * layout.spec.columns);
  eachRun(layout, (place, index, length) => {
    for (let k = 0; k < length; k++) values[index + k] = memory[place + k]!;
  });
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
