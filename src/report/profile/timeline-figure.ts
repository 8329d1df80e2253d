// What each thread did, when: a lane a thread, one batch, the batch whose time is the median.

import { type Profile, rowKey } from '../../profile/index.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from '../figures/theme.ts';
import { percent, quantity } from '../quantity.ts';

/** Kernels with a colour of their own: those that took most time. */
const COLORS = [
  OKABE_ITO.blue,
  OKABE_ITO.orange,
  OKABE_ITO.green,
  OKABE_ITO.vermillion,
  OKABE_ITO.sky,
  OKABE_ITO.purple,
  OKABE_ITO.yellow,
];
const OTHERS = { name: 'other kernels', color: OKABE_ITO.grey };
const WAITING = { name: 'waiting', color: '#D9D9D9' };
const LANE = 46;
const PLOT = 760;

interface Piece {
  readonly thread: string;
  readonly what: string;
  readonly begin: number;
  end: number;
}

interface Span {
  readonly begin: number;
  readonly end: number;
}

export function timelineFigure(profile: Profile): Figure {
  const { timeline, table } = profile;
  const span = medianBatch(profile);
  const named = new Map(
    table.rows.slice(0, COLORS.length).map((row, i) => [rowKey(row), { name: nameOf(row), color: COLORS[i]! }]),
  );
  const lanes = Array.from({ length: timeline.threads }, (_, k) => laneName(k));
  const pieces = piecesOf(profile, span, (key) => named.get(key) ?? OTHERS);
  const kinds = [...named.values(), OTHERS, WAITING].filter(({ name }) => pieces.some(({ what }) => what === name));
  const total = table.threads * table.wallSeconds;
  return {
    id: 'profile-timeline',
    title: 'What each thread did',
    caption: `One batch, the median of ${profile.batches}: ${quantity((span.end - span.begin) / 1e3, 'seconds')}. White: the wait at the end of a call, or the caller at work on input and start, when the others have nothing to do.`,
    alt: `A lane for each of ${timeline.threads} threads. Most time: ${table.rows
      .slice(0, 3)
      .map((row) => `${nameOf(row)} ${percent(row.seconds / total, 0)} %`)
      .join(', ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: PLOT,
      height: LANE * lanes.length,
      data: { values: pieces },
      mark: { type: 'bar', height: { band: 0.8 } },
      encoding: {
        y: { field: 'thread', type: 'nominal', title: null, sort: lanes, scale: { domain: lanes } },
        x: {
          field: 'begin',
          type: 'quantitative',
          title: 'ms since the call',
          scale: { domain: [0, span.end - span.begin], nice: false },
        },
        x2: { field: 'end' },
        color: {
          field: 'what',
          type: 'nominal',
          title: null,
          scale: { domain: kinds.map(({ name }) => name), range: kinds.map(({ color }) => color) },
          legend: { columns: 3 },
        },
      },
    },
  };
}

const laneName = (thread: number): string => (thread === 0 ? 'thread 0 (caller)' : `thread ${thread}`);

const nameOf = ({ layer, kernel }: { readonly layer: string; readonly kernel: string }): string =>
  layer === '' ? kernel : `${layer} ${kernel}`;

/** From the begin of its `run` to the end of its last call. */
function medianBatch({ timeline: { calls }, batches }: Profile): Span {
  const each = calls.length / batches;
  const spans = Array.from({ length: batches }, (_, k) => ({
    begin: calls[k * each]!.begin,
    end: calls[(k + 1) * each - 1]!.end,
  }));
  return [...spans].sort((a, b) => a.end - a.begin - (b.end - b.begin))[spans.length >> 1]!;
}

/** Bars of the batch; neighbours of one kind that the eye could not tell apart are one. */
function piecesOf(
  { timeline, threads }: Profile,
  span: Span,
  kindOf: (key: string) => { readonly name: string },
): Piece[] {
  const pixel = (span.end - span.begin) / PLOT;
  const newest = new Array<Piece | undefined>(threads).fill(undefined);
  const pieces: Piece[] = [];
  for (const { thread, operation, begin, end } of [...timeline.events].sort((a, b) => a.begin - b.begin)) {
    if (begin < span.begin || end > span.end) continue;
    const named = timeline.operations[operation]!;
    const what = named.kernel === 'wait' ? WAITING.name : kindOf(rowKey(named)).name;
    const last = newest[thread];
    const from = begin - span.begin;
    if (last !== undefined && last.what === what && from - last.end < pixel / 2) {
      last.end = end - span.begin;
      continue;
    }
    const piece = { thread: laneName(thread), what, begin: from, end: end - span.begin };
    newest[thread] = piece;
    pieces.push(piece);
  }
  return pieces;
}
