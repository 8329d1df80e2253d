// Losses of a chunk's samples and their gradients with respect to the output. Definitions are in the plan. Each sample's
// loss is already divided by the batch size, so that the batch's loss is the sum over its samples.

import { address, H_CHUNK_SAMPLES, H_LABELS, H_LOSS_SAMPLES, H_TARGETS, operand, PANEL_BYTES, real, samplesOf, word } from './memory';
import { exp4 } from './elementary';

const CROSS_ENTROPY = 0, MSE_COUNT = 1, CE_RATE = 2, CE_COUNT = 3, CE_MAX_MEMBRANE = 4, MSE_MEMBRANE = 5, CE_MEMBRANE = 6, MSE_RATE = 7, MARGIN = 8, MSE = 11;

// Descriptor fields.
const OUTPUT = 0, D_OUTPUT = 3, LOSSES = 6, SCRATCH = 9, KIND = 12, CLASSES = 13, STEPS = 14, OUTPUT_BYTES = 15, D_BYTES = 16;
const SPIKES = 17, ON = 18, OFF = 19;

/** Output value of class c at row r. */
// @ts-ignore: decorator
@inline
function at(d: usize, output: usize, r: usize, c: usize): f32 {
  const p = output + (c >> 5) * address(d, OUTPUT_BYTES);
  if (word(d, SPIKES) != 0) return <f32>((load<u32>(p + (r << 2)) >> (<u32>c & 31)) & 1);
  return load<f32>(p + r * PANEL_BYTES + ((c & 31) << 2));
}

// @ts-ignore: decorator
@inline
function setGradient(d: usize, dOutput: usize, r: usize, c: usize, value: f32): void {
  store<f32>(dOutput + (c >> 5) * address(d, D_BYTES) + r * PANEL_BYTES + ((c & 31) << 2), value);
}

/** softmax(logits) in place (padded with zeros to a multiple of 4); returns -log softmax[label]. */
function crossEntropy(logits: usize, classes: i32, label: i32): f32 {
  let top = load<f32>(logits);
  for (let c: usize = 4; c < <usize>classes << 2; c += 4) top = max(top, load<f32>(logits + c));
  const own = load<f32>(logits + (<usize>label << 2)) - top;
  for (let c: usize = 0; c < <usize>classes << 2; c += 16) {
    v128.store(logits + c, exp4(f32x4.sub(v128.load(logits + c), f32x4.splat(top))));
  }
  let sum: f32 = 0;
  for (let c: usize = 0; c < <usize>classes << 2; c += 4) sum += load<f32>(logits + c);
  for (let c: usize = 0; c < <usize>classes << 2; c += 4) store<f32>(logits + c, load<f32>(logits + c) / sum);
  return Mathf.log(sum) - own;
}

/** Zero gradient for all rows of the chunk, padding lanes included. */
function clear(d: usize, dOutput: usize, rows: i32): void {
  const panels = (word(d, CLASSES) + 31) >> 5;
  for (let p = 0; p < panels; p++) memory.fill(dOutput + <usize>p * address(d, D_BYTES), 0, <usize>rows * PANEL_BYTES);
}

export function loss(d: usize, chunk: i32, thread: i32): void {
  const samples = samplesOf(chunk), T = word(d, STEPS), kind = word(d, KIND);
  const output = operand(d, OUTPUT, chunk, thread), dOutput = operand(d, D_OUTPUT, chunk, thread);
  const losses = operand(d, LOSSES, chunk, thread), scratch = operand(d, SCRATCH, chunk, thread);
  const labels = <usize>load<u32>(H_LABELS) + (<usize>(chunk * load<i32>(H_CHUNK_SAMPLES)) << 2);
  if (dOutput) clear(d, dOutput, samples * T);
  for (let n = 0; n < samples; n++) {
    const label = load<i32>(labels + (<usize>n << 2));
    const row = <usize>(n * T);
    let value: f32;
    if (kind >= MSE) value = squaredTarget(d, output, dOutput, row, chunk * load<i32>(H_CHUNK_SAMPLES) + n);
    else if (kind >= MARGIN) value = margin(d, output, dOutput, row, label);
    else if (kind == CE_RATE || kind == CE_MEMBRANE) value = perStep(d, output, dOutput, row, label, scratch);
    else if (kind == MSE_MEMBRANE) value = squaredPerStep(d, output, dOutput, row, label);
    else if (kind == MSE_COUNT || kind == MSE_RATE) value = squaredCount(d, output, dOutput, row, label);
    else value = oneEntropy(d, output, dOutput, row, label, scratch);
    store<f32>(losses + (<usize>n << 7), value);
  }
}

/** cross-entropy, ce-count, ce-max-membrane: one softmax a sample. */
function oneEntropy(d: usize, output: usize, dOutput: usize, row: usize, label: i32, scratch: usize): f32 {
  const C = <usize>word(d, CLASSES), T = <usize>word(d, STEPS), kind = word(d, KIND);
  const which = scratch + (((C + 3) & ~3) << 2);
  memory.fill(scratch, 0, ((C + 3) & ~3) << 2);
  for (let c: usize = 0; c < C; c++) {
    let x = at(d, output, row, c);
    let best: usize = 0;
    for (let t: usize = 1; t < T; t++) {
      const y = at(d, output, row + t, c);
      if (kind == CE_COUNT) x += y;
      else if (y > x) { x = y; best = t; }
    }
    store<f32>(scratch + (c << 2), x);
    store<u32>(which + (c << 2), <u32>best);
  }
  const scale = <f32>1 / <f32>load<i32>(H_LOSS_SAMPLES);
  const value = crossEntropy(scratch, <i32>C, label) * scale;
  if (!dOutput) return value;
  for (let c: usize = 0; c < C; c++) {
    const g = (load<f32>(scratch + (c << 2)) - <f32>(c == <usize>label ? 1 : 0)) * scale;
    if (kind == CE_COUNT) { for (let t: usize = 0; t < T; t++) setGradient(d, dOutput, row + t, c, g); }
    else setGradient(d, dOutput, row + <usize>load<u32>(which + (c << 2)), c, g);
  }
  return value;
}

/** ce-rate (mean over steps) and ce-membrane (sum over steps): a softmax a step. */
function perStep(d: usize, output: usize, dOutput: usize, row: usize, label: i32, scratch: usize): f32 {
  const C = <usize>word(d, CLASSES), T = <usize>word(d, STEPS);
  const scale = <f32>1 / (<f32>load<i32>(H_LOSS_SAMPLES) * (word(d, KIND) == CE_RATE ? <f32>T : 1));
  let value: f32 = 0;
  for (let t: usize = 0; t < T; t++) {
    memory.fill(scratch, 0, ((C + 3) & ~3) << 2);
    for (let c: usize = 0; c < C; c++) store<f32>(scratch + (c << 2), at(d, output, row + t, c));
    value += crossEntropy(scratch, <i32>C, label);
    if (!dOutput) continue;
    for (let c: usize = 0; c < C; c++) {
      setGradient(d, dOutput, row + t, c, (load<f32>(scratch + (c << 2)) - <f32>(c == <usize>label ? 1 : 0)) * scale);
    }
  }
  return value * scale;
}

/** mse-membrane: mean over steps and classes. */
function squaredPerStep(d: usize, output: usize, dOutput: usize, row: usize, label: i32): f32 {
  const C = <usize>word(d, CLASSES), T = <usize>word(d, STEPS);
  const scale = <f32>1 / (<f32>load<i32>(H_LOSS_SAMPLES) * <f32>C * <f32>T);
  let value: f32 = 0;
  for (let t: usize = 0; t < T; t++) {
    for (let c: usize = 0; c < C; c++) {
      const e = at(d, output, row + t, c) - (c == <usize>label ? real(d, ON) : real(d, OFF));
      value += e * e;
      if (dOutput) setGradient(d, dOutput, row + t, c, <f32>2 * e * scale);
    }
  }
  return value * scale;
}

/** mse-count: (counts - targets)^2 / T; mse-rate: (counts / T - target)^2; mean over classes. The host gives targets. */
function squaredCount(d: usize, output: usize, dOutput: usize, row: usize, label: i32): f32 {
  const C = <usize>word(d, CLASSES), T = <usize>word(d, STEPS), counts = word(d, KIND) == MSE_COUNT;
  const batch = <f32>load<i32>(H_LOSS_SAMPLES) * <f32>C;
  const unit = counts ? <f32>1 : <f32>1 / <f32>T;
  const scale = <f32>1 / (counts ? batch * <f32>T : batch);
  let value: f32 = 0;
  for (let c: usize = 0; c < C; c++) {
    let sum: f32 = 0;
    for (let t: usize = 0; t < T; t++) sum += at(d, output, row + t, c);
    const e = sum * unit - (c == <usize>label ? real(d, ON) : real(d, OFF));
    value += e * e;
    if (!dOutput) continue;
    const g: f32 = <f32>2 * e * unit * scale;
    for (let t: usize = 0; t < T; t++) setGradient(d, dOutput, row + t, c, g);
  }
  return value * scale;
}

/** mse and mse-last-membrane: of the sample's last row, mean over outputs. */
function squaredTarget(d: usize, output: usize, dOutput: usize, row: usize, sample: i32): f32 {
  const C = <usize>word(d, CLASSES), last = row + <usize>word(d, STEPS) - 1;
  const targets = <usize>load<u32>(H_TARGETS) + ((<usize>sample * C) << 2);
  const scale = <f32>1 / (<f32>load<i32>(H_LOSS_SAMPLES) * <f32>C);
  let value: f32 = 0;
  for (let c: usize = 0; c < C; c++) {
    const e = at(d, output, last, c) - load<f32>(targets + (c << 2));
    value += e * e;
    if (dOutput) setGradient(d, dOutput, last, c, <f32>2 * e * scale);
  }
  return value * scale;
}

/** margin, margin-rate, margin-membrane: mean over steps of the best other class, of equals the first, minus that of the label. */
function margin(d: usize, output: usize, dOutput: usize, row: usize, label: i32): f32 {
  const C = word(d, CLASSES), T = <usize>word(d, STEPS);
  const share = <f32>1 / <f32>T, scale = share / <f32>load<i32>(H_LOSS_SAMPLES);
  let rival = -1;
  let own: f32 = 0, best: f32 = 0;
  for (let c = 0; c < C; c++) {
    let sum: f32 = 0;
    for (let t: usize = 0; t < T; t++) sum += at(d, output, row + t, c);
    if (c == label) own = sum;
    else if (rival < 0 || sum > best) {
      rival = c;
      best = sum;
    }
  }
  for (let t: usize = 0; t < T && dOutput != 0; t++) {
    setGradient(d, dOutput, row + t, label, -scale);
    if (rival >= 0) setGradient(d, dOutput, row + t, rival, scale);
  }
  return (best - own) * scale;
}
