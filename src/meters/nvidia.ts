// NVIDIA cards by `nvidia-smi`: the energy counter where driver and card have one, else power to be integrated.
// The counter moves about every 100 ms (zeus, ML.ENERGY). Power is sampled for a part of the time only on some cards, 25 % on A100 and
// H100, and averaged over 1 s on others: Yang et al., SC24, arXiv:2312.02741.

import { joules, type Seconds, seconds, watts } from '../core/index.ts';
import type { Figure, Found, Meter, Reading, UnavailableMeter } from './meter.ts';
import { MeterError, problemOf } from './meter-error.ts';
import {
  askNvidia,
  BESIDE_FIELDS,
  ENERGY_FIELD,
  type NvidiaCard,
  type NvidiaQuery,
  POWER_FIELDS,
  probeNvidia,
} from './nvidia-query.ts';
import type { SystemView } from './system-view.ts';

/** Under Windows' Linux the program is not always on the PATH. */
const PROGRAMS: readonly string[] = ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'];

/** The cards that can be read, and why others cannot. Never throws: a missing meter is an answer. */
export async function findNvidia(view: SystemView): Promise<Found> {
  let failed: MeterError | undefined;
  for (const program of PROGRAMS) {
    try {
      const { query, cards } = await probeNvidia(view, program);
      return metersOf(view, query, cards);
    } catch (error) {
      failed = problemOf(error);
      if (failed.problem !== 'missing') break;
    }
  }
  return { available: [], unavailable: [noDriver(failed!)] };
}

function noDriver({ problem, message }: MeterError): UnavailableMeter {
  const missing = problem === 'missing' || /couldn't communicate|No devices were found/i.test(message);
  return {
    id: 'nvidia',
    label: 'NVIDIA GPU',
    reason: problem === 'missing' ? 'no nvidia-smi on the PATH' : message,
    remedy:
      problem === 'missing'
        ? 'if there is an NVIDIA card, install its driver; nvidia-smi comes with it'
        : 'run nvidia-smi by hand and do what it says; in a container start it with --gpus all',
    brief: missing ? 'no GPU' : 'GPU cannot be read',
  };
}

function metersOf(view: SystemView, query: NvidiaQuery, cards: readonly NvidiaCard[]): Found {
  if (cards.length === 0) {
    return { available: [], unavailable: [noDriver(new MeterError('failed', query.program, 'No devices were found'))] };
  }
  const ask = sharedAnswer(view, query);
  const available: Meter[] = [];
  const unavailable: UnavailableMeter[] = [];
  for (const card of cards) {
    const field = quantityField(card);
    if (field !== undefined) available.push(cardMeter(card, field, ask));
    else unavailable.push(silentCard(card));
  }
  return { available, unavailable };
}

const quantityField = ({ values }: NvidiaCard): string | undefined =>
  [ENERGY_FIELD, ...POWER_FIELDS].find((field) => values.has(field));

function silentCard({ index, name }: NvidiaCard): UnavailableMeter {
  return {
    id: `nvidia/${index}`,
    label: `GPU ${index} ${name}`,
    reason: 'its driver gives neither energy nor power for this card ([N/A])',
    remedy: 'none here; laptops, shared virtual cards and old cards often have no sensor',
    brief: 'GPU without a power sensor',
  };
}

interface Answer {
  readonly at: Seconds;
  readonly cards: readonly NvidiaCard[];
}

/** The cards of one machine share a run of the program while it is under way. */
function sharedAnswer(view: SystemView, query: NvidiaQuery): () => Promise<Answer> {
  let underWay: Promise<Answer> | undefined;
  const ask = async (): Promise<Answer> => {
    const before = view.now();
    const cards = await askNvidia(view, query);
    return { at: seconds((before + view.now()) / 2), cards };
  };
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function cardMeter(card: NvidiaCard, field: string, ask: () => Promise<Answer>): Meter {
  const counts = field === ENERGY_FIELD;
  const averaged = field !== 'power.draw.instant';
  return {
    id: `nvidia/${card.index}`,
    label: `GPU ${card.index} ${card.name}`,
    quantity: counts ? 'energy' : 'power',
    covers: 'board',
    period: seconds(counts || !averaged ? 0.1 : 1),
    step: counts ? 0.001 : 0.01,
    // Each reading starts a program, which takes some 30 ms of a core.
    readEvery: seconds(counts ? 10 : 0.5),
    addable: 'GPU boards',
    permission: 'none',
    note: counts
      ? 'the card with its memory, not the processor that feeds it'
      : 'power of samples: the sensor looks at a part of the time only (25 % on A100 and H100)',
    read: async () => reading(card.index, field, await ask()),
  };
}

/** Over what time the driver averages: 1 s by name for `.average`, and for plain power.draw on Ampere and later. */
const AVERAGED: Readonly<Record<string, number>> = { 'power.draw.average': 1, 'power.draw': 1 };

function reading(index: number, field: string, { at, cards }: Answer): Reading {
  const card = cards.find((one) => one.index === index);
  if (card === undefined) throw new MeterError('missing', 'nvidia-smi', `GPU ${index} is no longer listed`);
  const found = card.values.get(field);
  if (found === undefined) throw new MeterError('missing', 'nvidia-smi', `GPU ${index} no longer gives ${field}`);
  const beside = besideOf(card);
  if (field === ENERGY_FIELD) return { quantity: 'energy', at, energy: joules(found.value), beside };
  return { quantity: 'power', at, power: watts(found.value), averagedOver: seconds(AVERAGED[field] ?? 0), beside };
}

function besideOf({ values }: NvidiaCard): readonly Figure[] {
  return BESIDE_FIELDS.flatMap((name) => {
    const found = values.get(name);
    return found === undefined ? [] : [{ name, ...found }];
  });
}
