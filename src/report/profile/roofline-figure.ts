// The roofline: what each kernel reached against what its intensity allows, for one thread while all are busy.

import type { Profile } from '../../profile/index.ts';
import { CONFIG, type Figure, HEIGHT, OKABE_ITO, SCHEMA } from '../figures/theme.ts';
import { percent, quantity, significant } from '../quantity.ts';

/** Kernels below this share of the time are left out. */
const LEAST_SHARE = 0.01;
const WIDTH = 700;

/** Null where no kernel that counts has arithmetic. */
export function rooflineFigure({ table, roof }: Profile): Figure | null {
  const points = table.rows.flatMap(({ layer, kernel, share, rates }) =>
    rates === undefined || rates.intensity === 0 || share < LEAST_SHARE
      ? []
      : [{ name: `${layer} ${kernel}`, intensity: rates.intensity, flops: rates.flopsPerSecond / 1e9, share, rates }],
  );
  if (points.length === 0) return null;
  const peak = roof.flopsPerSecond.all / roof.threads / 1e9;
  const [from, to] = [
    Math.min(0.1, ...points.map(({ intensity }) => intensity)) / 1.5,
    Math.max(50, ...points.map(({ intensity }) => intensity)) * 1.5,
  ];
  const ends = [roof.bandwidths[0]!, roof.bandwidths.at(-1)!];
  const lines = ends.flatMap(({ workingSet, bytesPerSecond }) => {
    const slope = bytesPerSecond.all / roof.threads / 1e9;
    const name = `working set ${quantity(workingSet, 'bytes')}, ${significant(slope)} GB/s`;
    return [from, peak / slope, to].map((intensity) => ({ name, intensity, flops: Math.min(peak, slope * intensity) }));
  });
  const x = { field: 'intensity', type: 'quantitative' as const, title: 'FLOP a byte' };
  const y = { field: 'flops', type: 'quantitative' as const, title: 'GFLOP/s of one thread' };
  const scale = { type: 'log' as const, nice: false };
  return {
    id: 'profile-roofline',
    title: 'How close to the roof',
    caption: `Kernels of at least 1 % of the time; a larger dot took more of it. The lines are what a thread reached just after while all were busy: ${significant(peak)} GFLOP/s where all is in cache, less where operands must come from farther away.`,
    alt: `Roofline on logarithmic axes. ${points.map(({ name, flops, rates }) => `${name} ${significant(flops)} GFLOP/s${rates.roofShare === undefined ? '' : `, ${percent(rates.roofShare, 0)} % of its roof`}`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: WIDTH,
      height: HEIGHT,
      layer: [
        {
          data: { values: lines },
          mark: { type: 'line' },
          encoding: {
            x: { ...x, scale: { ...scale, domain: [from, to] } },
            y: { ...y, scale: { type: 'log' } },
            strokeDash: { field: 'name', type: 'nominal', title: null, legend: { columns: 1, labelLimit: 500 } },
            color: { value: OKABE_ITO.grey },
          },
        },
        {
          data: { values: points.map(({ name, intensity, flops, share }) => ({ name, intensity, flops, share })) },
          mark: { type: 'point', color: OKABE_ITO.blue, opacity: 0.9 },
          encoding: { x, y, size: { field: 'share', type: 'quantitative', legend: null, scale: { range: [40, 400] } } },
        },
        {
          data: { values: points.slice(0, LABELS).map(({ name, intensity, flops }) => ({ name, intensity, flops })) },
          mark: { type: 'text', align: 'left', dx: 11, dy: 4 },
          encoding: { x, y, text: { field: 'name' } },
        },
      ],
    },
  };
}

/** Points with a name beside them: those of most time. */
const LABELS = 6;
