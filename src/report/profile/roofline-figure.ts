// The roofline: what each kernel reached against what its intensity allows, for one thread while all are busy.

import type { Profile, Roof } from '../../profile/index.ts';
import { spacedLabels } from '../figures/spaced-labels.ts';
import { CONFIG, type Figure, HEIGHT, OKABE_ITO, SCHEMA } from '../figures/theme.ts';
import { percent, quantity, significant } from '../quantity.ts';

/** Kernels below this share of the time are left out. */
const LEAST_SHARE = 0.01;
/** Points with a name beside them, at most: those of most time. */
const LABELS = 8;
const WIDTH = 700;

interface Point {
  readonly name: string;
  readonly intensity: number;
  /** GFLOP/s of one thread. */
  readonly flops: number;
  readonly share: number;
  readonly roofShare: number | undefined;
}

/** Null where no kernel that counts has arithmetic. */
export function rooflineFigure({ table, roof }: Profile): Figure | null {
  const points = table.rows.flatMap(({ layer, kernel, share, rates }): Point[] => {
    if (rates === undefined || rates.intensity === 0 || share < LEAST_SHARE) return [];
    const { intensity, flopsPerSecond, roofShare } = rates;
    return [{ name: `${layer} ${kernel}`, intensity, flops: flopsPerSecond / 1e9, share, roofShare }];
  });
  if (points.length === 0) return null;
  const peak = peakOf(roof);
  return {
    id: 'profile-roofline',
    title: 'How close to the roof',
    caption: `Kernels of at least 1 % of the time; a larger dot took more of it. The lines are what a thread reached just after while all were busy: ${significant(peak)} GFLOP/s where all is in cache, less where operands must come from farther away.`,
    alt: `Roofline on logarithmic axes. ${points.map(words).join('; ')}.`,
    spec: { $schema: SCHEMA, config: CONFIG, width: WIDTH, height: HEIGHT, layer: layers(points, roof) },
  };
}

const words = ({ name, flops, roofShare }: Point): string =>
  `${name} ${significant(flops)} GFLOP/s${roofShare === undefined ? '' : `, ${percent(roofShare, 0)} % of its roof`}`;

/** Of one thread while all are busy. */
const peakOf = ({ flopsPerSecond, threads }: Roof): number => flopsPerSecond.all / threads / 1e9;

function layers(points: readonly Point[], roof: Roof) {
  const intensities = points.map(({ intensity }) => intensity);
  const domain = [Math.min(0.1, ...intensities) / 1.5, Math.max(50, ...intensities) * 1.5] as const;
  const x = { field: 'intensity', type: 'quantitative' as const, title: 'FLOP a byte' };
  const y = { field: 'flops', type: 'quantitative' as const, title: 'GFLOP/s of one thread' };
  const size = { field: 'share', type: 'quantitative' as const, legend: null, scale: { range: [40, 400] } };
  return [
    {
      data: { values: lines(roof, domain) },
      mark: { type: 'line' as const },
      encoding: {
        x: { ...x, scale: { type: 'log' as const, nice: false, domain: [...domain] } },
        y: { ...y, scale: { type: 'log' as const } },
        strokeDash: {
          field: 'name',
          type: 'nominal' as const,
          title: null,
          legend: { columns: 1, labelLimit: 500 },
        },
        color: { value: OKABE_ITO.grey },
      },
    },
    {
      data: { values: points.map(({ name, intensity, flops, share }) => ({ name, intensity, flops, share })) },
      mark: { type: 'point' as const, color: OKABE_ITO.blue, opacity: 0.9 },
      encoding: { x, y, size },
    },
    {
      data: { values: labelled(points).map(({ name, intensity, flops }) => ({ name, intensity, flops })) },
      mark: { type: 'text' as const, align: 'left' as const, dx: 11, dy: 4 },
      encoding: { x, y, text: { field: 'name' } },
    },
  ];
}

/** The bandwidths of the smallest and the largest working set, up to the peak. */
function lines(roof: Roof, [from, to]: readonly [number, number]) {
  const peak = peakOf(roof);
  return [roof.bandwidths[0]!, roof.bandwidths.at(-1)!].flatMap(({ workingSet, bytesPerSecond }) => {
    const slope = bytesPerSecond.all / roof.threads / 1e9;
    const name = `working set ${quantity(workingSet, 'bytes')}, ${significant(slope)} GB/s`;
    return [from, peak / slope, to].map((intensity) => ({ name, intensity, flops: Math.min(peak, slope * intensity) }));
  });
}

/** A decade is about a quarter of the width and a third of the height; names are five times as wide as the numbers labels mostly are. */
const labelled = (points: readonly Point[]): readonly Point[] =>
  spacedLabels(points.slice(0, LABELS), ({ intensity, flops }) => ({
    x: Math.log10(intensity) / 4 / 5,
    y: Math.log10(flops) / 3,
  }));
