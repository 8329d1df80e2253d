// Descriptors of convolutions, in the order kernels/conv.ts, conv-gradient.ts and depthwise.ts document.

import type { BackwardOp, ForwardOp, GradientOp, Window } from '../plan.ts';
import type { TensorLayout } from './layout.ts';
import { flag, floatBits, type Places } from './places.ts';
import { OPCODE } from './words.ts';

type Forward = ForwardOp & { kernel: 'conv' };
type Backward = BackwardOp & { kernel: 'conv-backward' };
type Gradient = GradientOp & { kernel: 'conv-gradient' };

const pixels = ([height, width]: readonly [number, number]): number => height * width;
const isSpikes = ({ spec }: TensorLayout): boolean => spec.values === 'spikes';

/** Every channel a group of its own: multiplied lane by lane. */
const isDepthwise = (groups: number, x: TensorLayout, y: TensorLayout): boolean =>
  groups > 1 && x.channels === groups && y.channels === groups;

interface ConvWords {
  readonly opcode: number;
  readonly words: number[];
}

export function convWords(op: Forward, at: Places): ConvWords {
  const [x, y] = [at.tensor(op.x), at.tensor(op.y)];
  const table = at.window(op.window, false);
  const head = [...at.operand(op.x), ...at.operand(op.y), at.address(op.weight), at.address(op.bias)];
  if (isDepthwise(op.groups, x, y)) return depthwiseWords(op.window, head, x, y, table, false, at);
  const density = isSpikes(x) ? at.denseAbove.conv.forwardSpikes : at.denseAbove.conv.forwardAnalog;
  const shape = [x.channels, y.channelPanels, x.rowsPerSample, x.panelBytes, y.panelBytes, flag(isSpikes(x))];
  const way = [floatBits(density), ...at.scratch, flag(at.wide), table, y.pixels, x.pixels, op.window.input[1]];
  const words = [...head, ...shape, ...way, pixels(op.window.kernel) * x.channels, y.channels];
  return { opcode: OPCODE.conv, words };
}

export function convBackwardWords(op: Backward, at: Places): ConvWords {
  const [dy, dx] = [at.tensor(op.dy), at.tensor(op.dx)];
  if (at.parameter(op.weight).conv?.winograd) return winogradWords(op, dy, dx, at);
  const table = at.window(op.window, true);
  const operands = [...at.operand(op.dy), ...at.operand(op.dx)];
  if (isDepthwise(op.groups, dx, dy))
    return depthwiseWords(op.window, [...operands, at.address(op.weight), 0], dy, dx, table, true, at);
  const head = [...operands, at.transposed(op.weight), 0];
  const shape = [dy.channels, dx.channelPanels, dy.rowsPerSample, dy.panelBytes, dx.panelBytes, 0];
  const way = [0, ...at.scratch, flag(at.wide), table, dx.pixels, dy.pixels, op.window.output[1]];
  const words = [...head, ...shape, ...way, pixels(op.window.kernel) * dy.channels, dx.channels];
  return { opcode: OPCODE['conv-backward'], words };
}

/** Bytes that V and M of the tiles at hand may take: half a second-level cache of 512 KiB. */
const TILE_BYTES = 262144;

/** Tiles worked on at a time, for chunks of `rows` rows. */
function tilesFor({ channelPanels }: TensorLayout, rows: number): number {
  const block = Math.ceil(rows / 6) * 6 * 128;
  return Math.max(1, Math.floor(TILE_BYTES / (16 * (channelPanels + 1) * block)));
}

export function winogradScratch(dy: TensorLayout, rows: number): number {
  const block = Math.ceil(rows / 6) * 6 * 128;
  return 128 + block * (1 + 16 * tilesFor(dy, rows) * (dy.channelPanels + 1));
}

function winogradWords({ weight, window, ...op }: Backward, dy: TensorLayout, dx: TensorLayout, at: Places): ConvWords {
  const head = [...at.operand(op.dy), ...at.operand(op.dx), at.transposed(weight)];
  const shape = [dy.channels, dx.channelPanels, dy.rowsPerSample, dy.panelBytes, dx.panelBytes, ...at.scratch];
  const [top, left] = [2 - window.padding[0], 2 - window.padding[1]];
  const map = [flag(at.wide), ...window.output, ...window.input, top, left, dx.channels];
  const words = [...head, ...shape, ...map, tilesFor(dy, dy.rowsPerSample * at.chunkSamples)];
  return { opcode: OPCODE['winograd-backward'], words };
}

function depthwiseWords(
  window: Window,
  head: readonly number[],
  x: TensorLayout,
  y: TensorLayout,
  table: number,
  backward: boolean,
  at: Places,
): ConvWords {
  const shape = [x.channelPanels, x.rowsPerSample, x.panelBytes, y.panelBytes, flag(isSpikes(x)), ...at.scratch];
  const words = [...head, ...shape, table, y.pixels, pixels(window.kernel), flag(backward)];
  return { opcode: OPCODE.depthwise, words };
}

/** Output panels an item of the gradient takes: its lists of spikes are good for all of them. */
const ITEM_PANELS = 2;

export function convGradientWords(op: Gradient, at: Places): ConvWords & { items: number } {
  const [x, dy] = [at.tensor(op.x), at.tensor(op.dy)];
  const head = [...at.operand(op.x), ...at.operand(op.dy), at.address(op.dWeight)];
  if (isDepthwise(op.groups, x, dy)) {
    const shape = [x.channelPanels, x.rowsPerSample, x.panelBytes, dy.panelBytes, flag(isSpikes(x)), ...at.scratch];
    const words = [...head, ...shape, at.window(op.window, false), dy.pixels, pixels(op.window.kernel)];
    return { opcode: OPCODE['depthwise-gradient'], words, items: x.channelPanels };
  }
  const density = isSpikes(x) ? at.denseAbove.conv.gradientSpikes : at.denseAbove.conv.gradientAnalog;
  const shape = [x.channels, dy.channelPanels, x.rowsPerSample, x.panelBytes, dy.panelBytes, flag(isSpikes(x))];
  const { input, output, kernel, stride, padding, dilation } = op.window;
  const window = [...input, ...output, ...kernel, ...stride, ...padding, ...dilation];
  const words = [...head, ...shape, floatBits(density), ...at.scratch, ...window, op.groups, dy.channels, ITEM_PANELS];
  const items = x.channelPanels * Math.ceil(dy.channelPanels / ITEM_PANELS);
  return { opcode: OPCODE['conv-gradient'], words, items };
}

/** Bytes of work space of a convolution on chunks of `rows` rows. */
export function convScratch(x: TensorLayout, { input, kernel }: Window, rows: number): number {
  const [height, width] = input;
  const padded = Math.ceil(rows / 6) * 6;
  const starts = (height * rows * (width + 1) + 1) * 4 + 128;
  const bits = x.panels * rows * 4 + 128;
  const lists = (x.pixels * x.channels * rows + 16) * 4 * (isSpikes(x) ? 1 : 2);
  return Math.max(starts + bits + lists, x.panels * padded * 128, pixels(kernel)) + 256;
}

export function convGradientScratch({ input }: Window, rows: number): number {
  const width = input[1];
  return Math.max((width + 2) * 128 + 2 * (width * rows + 24) * 128, width * rows * 128) + 256;
}
