// Apple silicon and Intel Macs, by Apple's `powermetrics`, which only root may run. Each reading waits for a sample of 1 s and is its
// average. Apple does not say how the values come to be; they are believed to be modelled from activity.

import { type Seconds, seconds, type Watts, watts } from '../core/index.ts';
import type { Coverage, Figure, Found, Meter, PowerReading, UnavailableMeter } from './meter.ts';
import { MeterError, problemOf } from './meter-error.ts';
import { parseDecimal } from './parse-number.ts';
import type { SystemView } from './system-view.ts';

const PROGRAM = 'powermetrics';
const SAMPLE_MILLISECONDS = 1000;

export interface PowermetricsSample {
  readonly power: Watts;
  readonly covers: Coverage;
  /** Time that the sample averages; undefined where it does not say. */
  readonly elapsed: Seconds | undefined;
  readonly beside: readonly Figure[];
}

/** Totals, the widest first; a part, such as the CPU alone, is never taken for the whole. */
const TOTALS: readonly (readonly [RegExp, Coverage])[] = [
  [/^\s*Combined Power \(CPU \+ GPU(?: \+ ANE)?\):\s*(\S+?)\s*(mW|W)\s*$/m, 'chip'],
  [/^\s*Package Power:\s*(\S+?)\s*(mW|W)\s*$/m, 'package'],
  [/^\s*Intel energy model derived package power \([^)]*\):\s*(\S+?)\s*(mW|W)\s*$/m, 'package'],
];

/** The last sample of an output. Throws MeterError if it holds no total. */
export function parsePowermetrics(text: string): PowermetricsSample {
  const sample = text.slice(Math.max(0, text.lastIndexOf('*** Sampled system activity')));
  for (const [pattern, covers] of TOTALS) {
    const match = pattern.exec(sample);
    if (match === null) continue;
    return { power: watts(inWatts(match[1]!, match[2]!)), covers, elapsed: elapsedOf(sample), beside: partsOf(sample) };
  }
  throw new MeterError('nonsense', PROGRAM, 'its output holds no total power; it is cut short, or of another version');
}

const inWatts = (number: string, unit: string): number => parseDecimal(PROGRAM, number) / (unit === 'mW' ? 1e3 : 1);

function elapsedOf(sample: string): Seconds | undefined {
  const match = /\((\d{1,9}(?:\.\d{1,9})?)ms elapsed\)/.exec(sample);
  return match === null ? undefined : seconds(Number(match[1]) / 1000);
}

function partsOf(sample: string): readonly Figure[] {
  return Array.from(sample.matchAll(/^\s*(CPU|GPU|ANE) Power:\s*(\S+?)\s*(mW|W)\s*$/gm), ([, part, number, unit]) => ({
    name: `${part!.toLowerCase()} power`,
    value: inWatts(number!, unit!),
    unit: 'W',
  }));
}

const askPowermetrics = async (view: SystemView, milliseconds: number): Promise<PowermetricsSample> => {
  const args = ['--samplers', 'cpu_power,gpu_power', '-n', '1', '-i', String(milliseconds)];
  return parsePowermetrics(await view.run(PROGRAM, args));
};

/** On a Mac. Never throws: a missing meter is an answer. */
export async function findPowermetrics(view: SystemView): Promise<Found> {
  try {
    const { covers } = await askPowermetrics(view, 100);
    return { available: [powermetricsMeter(view, covers)], unavailable: [] };
  } catch (error) {
    return { available: [], unavailable: [refusal(problemOf(error))] };
  }
}

function refusal({ problem, message }: MeterError): UnavailableMeter {
  const denied = problem === 'denied';
  return {
    id: 'powermetrics',
    label: 'Apple power metrics',
    reason: denied ? 'only root may run powermetrics' : message,
    remedy: denied ? 'run Spikewatt with sudo' : 'sudo powermetrics -n 1 says what is wrong',
    brief: denied ? 'powermetrics is for root only' : 'no powermetrics',
  };
}

function powermetricsMeter(view: SystemView, covers: Coverage): Meter {
  return {
    id: 'powermetrics',
    label: 'Apple power metrics',
    quantity: 'power',
    covers,
    period: seconds(SAMPLE_MILLISECONDS / 1000),
    step: 0.001,
    readEvery: seconds(0),
    permission: 'root',
    note: 'CPU, GPU and neural engine as Apple models them; no memory, screen or losses',
    read: () => readSample(view, covers),
  };
}

async function readSample(view: SystemView, covers: Coverage): Promise<PowerReading> {
  const before = view.now();
  const sample = await askPowermetrics(view, SAMPLE_MILLISECONDS);
  const at = view.now();
  if (sample.covers !== covers) throw new MeterError('nonsense', PROGRAM, 'gave the power of another part than before');
  const averagedOver = sample.elapsed ?? seconds(Math.min(SAMPLE_MILLISECONDS / 1000, at - before));
  return { quantity: 'power', at, power: sample.power, averagedOver, beside: sample.beside };
}
