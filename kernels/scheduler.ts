// Runs a compiled program on every thread. A program is phases with a barrier between them. In a chunk phase a thread claims a
// chunk and runs all the phase's operations on it; in a pool phase it claims single items of operations. Results do not depend
// on who claims what.
//   program: [phases, then a pointer each];  phase: [kind 0 chunks | 1 pool, items (pool), operations, then each operation]
//   operation: chunk [opcode, descriptor]; pool [opcode, descriptor, items up to and including this operation]

import { H_CHUNKS } from './memory';
import { dense, denseBackward, denseGradient, scaleGradient, sumGradient } from './dense';
import { conv, convBackward, convTranspose } from './conv';
import { convGradient } from './conv-gradient';
import { depthwise, depthwiseGradient } from './depthwise';
import { winogradBackward, winogradWeights } from './winograd';
import { pool, poolBackward } from './pool';
import { batchNorm, normCombine, normPartial } from './norm';
import { batchNormBackward, normBackwardCombine, normBackwardPartial } from './norm-backward';
import { activation, activationBackward } from './form';
import { softmax, softmaxBackward } from './softmax';
import { accumulate, join, joinBackward } from './join';
import { reshape } from './reshape';
import { neuron } from './neuron';
import { neuronBackward } from './neuron-backward';
import { encodeDelta, encodeLatency, encodeRate, loadInput } from './encode';
import { countNonzero, dropout, relu, reluBackward } from './activation';
import { loss } from './loss';
import {
  adam, clipCombine, clipPartial, clipScale, deriveDecay, deriveDecayBackward, sgd, spread, spreadBackward, transpose, zero,
} from './update';

const SYNC: usize = 512;
const GENERATION = SYNC, PROGRAM = SYNC + 4, NEXT_ITEM = SYNC + 8, ARRIVED = SYNC + 12, RELEASED = SYNC + 16;
const STOP = SYNC + 20, THREADS = SYNC + 24, FAILED = SYNC + 28, MAIN_WAITS = SYNC + 32;
/** Where a probed run notes its events, and bytes from thread to thread; address 0: nothing is noted. */
const PROBE = SYNC + 36, PROBE_STRIDE = SYNC + 40;

/** About 30 microseconds: longer than a barrier between balanced threads, shorter than a wasted time slice. */
const SPINS: i32 = 20000;

function execute(opcode: i32, d: usize, item: i32, thread: i32): void {
  switch (opcode) {
    case 0: return loadInput(d, item, thread);
    case 1: return encodeRate(d, item, thread);
    case 2: return encodeLatency(d, item, thread);
    case 3: return encodeDelta(d, item, thread);
    case 4: return dense(d, item, thread);
    case 5: return relu(d, item, thread);
    case 6: return dropout(d, item, thread);
    case 7: return neuron(d, item, thread);
    case 8: return countNonzero(d, item, thread);
    case 9: return loss(d, item, thread);
    case 10: return denseBackward(d, item, thread);
    case 11: return reluBackward(d, item, thread);
    case 12: return neuronBackward(d, item, thread);
    case 13: return denseGradient(d, item, thread);
    case 14: return sumGradient(d, item, thread);
    case 15: return scaleGradient(d, item, thread);
    case 16: return adam(d, item, thread);
    case 17: return sgd(d, item, thread);
    case 18: return clipPartial(d, item, thread);
    case 19: return clipCombine(d, item, thread);
    case 20: return clipScale(d, item, thread);
    case 21: return zero(d, item, thread);
    case 22: return transpose(d, item, thread);
    case 23: return deriveDecay(d, item, thread);
    case 24: return deriveDecayBackward(d, item, thread);
    case 25: return spread(d, item, thread);
    case 26: return spreadBackward(d, item, thread);
    case 27: return conv(d, item, thread);
    case 28: return convBackward(d, item, thread);
    case 29: return convGradient(d, item, thread);
    case 30: return convTranspose(d, item, thread);
    case 31: return depthwise(d, item, thread);
    case 33: return depthwiseGradient(d, item, thread);
    case 34: return pool(d, item, thread);
    case 35: return poolBackward(d, item, thread);
    case 36: return normPartial(d, item, thread);
    case 37: return normCombine(d, item, thread);
    case 38: return batchNorm(d, item, thread);
    case 39: return normBackwardPartial(d, item, thread);
    case 40: return normBackwardCombine(d, item, thread);
    case 41: return batchNormBackward(d, item, thread);
    case 42: return activation(d, item, thread);
    case 43: return activationBackward(d, item, thread);
    case 44: return softmax(d, item, thread);
    case 45: return softmaxBackward(d, item, thread);
    case 46: return join(d, item, thread);
    case 47: return joinBackward(d, item, thread);
    case 48: return accumulate(d, item, thread);
    case 49: return reshape(d, item, thread);
    case 50: return winogradBackward(d, item, thread);
    case 51: return winogradWeights(d, item, thread);
    default: unreachable();
  }
}

function waitFor(at: usize, old: i32, thread: i32): void {
  let spins = 0;
  while (atomic.load<i32>(at) == old) {
    if (atomic.load<i32>(FAILED) != 0) unreachable();
    if (++spins < SPINS || (thread == 0 && load<i32>(MAIN_WAITS) == 0)) continue;
    atomic.wait<i32>(at, old, 1000000000);
  }
}

function barrier(thread: i32): void {
  const threads = load<i32>(THREADS);
  const old = atomic.load<i32>(RELEASED);
  if (atomic.add<i32>(ARRIVED, 1) == threads - 1) {
    store<i32>(ARRIVED, 0);
    store<i32>(NEXT_ITEM, 0);
    atomic.add<i32>(RELEASED, 1);
    if (threads > 1) atomic.notify(RELEASED, threads);
  } else waitFor(RELEASED, old, thread);
}

function runChunks(phase: usize, thread: i32): void {
  const chunks = load<i32>(H_CHUNKS), end = phase + 12 + (load<usize>(phase, 8) << 3);
  for (let item = atomic.add<i32>(NEXT_ITEM, 1); item < chunks; item = atomic.add<i32>(NEXT_ITEM, 1)) {
    for (let op = phase + 12; op < end; op += 8) execute(load<i32>(op), load<u32>(op, 4), item, thread);
  }
}

function runPool(phase: usize, thread: i32): void {
  const items = load<i32>(phase, 4);
  for (let item = atomic.add<i32>(NEXT_ITEM, 1); item < items; item = atomic.add<i32>(NEXT_ITEM, 1)) {
    let op = phase + 12, before = 0;
    while (load<i32>(op, 8) <= item) {
      before = load<i32>(op, 8);
      op += 12;
    }
    execute(load<i32>(op), load<u32>(op, 4), item - before, thread);
  }
}

/** Milliseconds, by the clock that all threads share. */
// @ts-ignore: decorator
@external("env", "clock")
declare function clock(): f64;

/** Operation number of the wait at a phase's end. */
const WAIT: i32 = 0xffff;

/**
 * Notes that operation `op` of phase `k` ran from `begin` until now, which is returned. A thread's notes: how many there were, how
 * many there is room for, then [begin, end] in f64, [phase << 16 | operation, item].
 */
function note(thread: i32, k: i32, op: i32, item: i32, begin: f64): f64 {
  const end = clock(), place = <usize>load<u32>(PROBE) + <usize>thread * <usize>load<u32>(PROBE_STRIDE);
  const n = load<i32>(place);
  if (n < load<i32>(place, 4)) {
    const event = place + 8 + <usize>n * 24;
    store<f64>(event, begin);
    store<f64>(event, end, 8);
    store<i32>(event, k << 16 | op, 16);
    store<i32>(event, item, 20);
  }
  store<i32>(place, n + 1);
  return end;
}

function probeChunks(phase: usize, k: i32, thread: i32, begin: f64): f64 {
  const chunks = load<i32>(H_CHUNKS), ops = load<i32>(phase, 8);
  for (let item = atomic.add<i32>(NEXT_ITEM, 1); item < chunks; item = atomic.add<i32>(NEXT_ITEM, 1)) {
    for (let j = 0; j < ops; j++) {
      const op = phase + 12 + (<usize>j << 3);
      execute(load<i32>(op), load<u32>(op, 4), item, thread);
      begin = note(thread, k, j, item, begin);
    }
  }
  return begin;
}

function probePool(phase: usize, k: i32, thread: i32, begin: f64): f64 {
  const items = load<i32>(phase, 4);
  for (let item = atomic.add<i32>(NEXT_ITEM, 1); item < items; item = atomic.add<i32>(NEXT_ITEM, 1)) {
    let op = phase + 12, before = 0, j = 0;
    while (load<i32>(op, 8) <= item) {
      before = load<i32>(op, 8);
      op += 12;
      j++;
    }
    execute(load<i32>(op), load<u32>(op, 4), item - before, thread);
    begin = note(thread, k, j, item - before, begin);
  }
  return begin;
}

function probePhases(thread: i32): void {
  const program = <usize>load<u32>(PROGRAM), phases = load<i32>(program);
  let begin = clock();
  for (let k = 0; k < phases; k++) {
    const phase = <usize>load<u32>(program + 4 + (<usize>k << 2));
    begin = load<i32>(phase) == 0 ? probeChunks(phase, k, thread, begin) : probePool(phase, k, thread, begin);
    // The last wait is left out: when the caller has gone on, the notes must be complete.
    if (k == phases - 1) barrier(thread);
    else {
      barrier(thread);
      begin = note(thread, k, WAIT, 0, begin);
    }
  }
}

function runPhases(thread: i32): void {
  if (load<u32>(PROBE) != 0) return probePhases(thread);
  const program = <usize>load<u32>(PROGRAM), phases = load<i32>(program);
  for (let k = 0; k < phases; k++) {
    const phase = <usize>load<u32>(program + 4 + (<usize>k << 2));
    if (load<i32>(phase) == 0) runChunks(phase, thread);
    else runPool(phase, thread);
    barrier(thread);
  }
}

/** Runs a program on all threads; the caller is thread 0. */
export function run(program: usize): void {
  // Without a barrier at its end, the next run could begin before every worker has seen this one.
  if (load<i32>(program) == 0) return;
  store<u32>(PROGRAM, <u32>program);
  store<i32>(NEXT_ITEM, 0);
  atomic.add<i32>(GENERATION, 1);
  if (load<i32>(THREADS) > 1) atomic.notify(GENERATION, load<i32>(THREADS));
  runPhases(0);
}

/** A worker's life: runs every program until told to stop. */
export function serve(thread: i32, generation: i32): void {
  while (true) {
    waitFor(GENERATION, generation, thread);
    generation++;
    if (atomic.load<i32>(STOP) != 0) return;
    runPhases(thread);
  }
}
