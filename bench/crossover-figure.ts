// The crossover as a figure: time an image against the spike rate, both ways, with the ANN as a line across.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renderSvg } from '../src/report/figures/render-svg.ts';
import { CONFIG, type Figure, HEIGHT, OKABE_ITO, SCHEMA } from '../src/report/figures/theme.ts';
import type { Crossover } from './crossover.ts';

const WAYS = { events: 'event by event', dense: 'matrix product' } as const;
const SHOWN = [1, 4, 25];

function crossoverFigure({ rates, networks, ann, sizes }: Crossover): Figure {
  const shown = networks.filter(({ timesteps }) => SHOWN.includes(timesteps));
  const values = shown.flatMap((curve) =>
    (['events', 'dense'] as const).flatMap((way) =>
      rates.map((rate, k) => ({ rate, time: curve[way][k]!, way: WAYS[way], steps: `T = ${curve.timesteps}` })),
    ),
  );
  const x = { field: 'rate', type: 'quantitative' as const, title: 'Spikes per neuron and step (%)' };
  const y = {
    field: 'time',
    type: 'quantitative' as const,
    title: 'Microseconds an image, one thread',
    scale: { type: 'log' as const },
  };
  const color = {
    field: 'way',
    type: 'nominal' as const,
    title: null,
    scale: { domain: Object.values(WAYS), range: [OKABE_ITO.blue, OKABE_ITO.orange] },
  };
  const detail = { field: 'steps', type: 'nominal' as const };
  const last = values.filter(({ rate, way }) => rate === rates.at(-1) && way === WAYS.events);
  return {
    id: 'crossover',
    title: `Time against spike rate, ${sizes.join('-')}`,
    caption: '',
    alt: `Line chart, log scale. The ANN takes ${ann.toFixed(1)} microseconds an image. ${shown
      .map(
        ({ timesteps, events }) =>
          `T = ${timesteps}: ${events[0]!.toFixed(1)} at 1 %, ${events.at(-1)!.toFixed(1)} at 90 %`,
      )
      .join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      width: 560,
      height: HEIGHT,
      layer: [
        { data: { values }, mark: { type: 'line', point: true }, encoding: { x, y, color, detail } },
        {
          data: { values: last },
          mark: { type: 'text', align: 'left', dx: 8 },
          encoding: { x, y, text: { field: 'steps', type: 'nominal' } },
        },
        {
          data: { values: [{ time: ann }] },
          mark: { type: 'rule', color: OKABE_ITO.grey, strokeDash: [6, 4] },
          encoding: { y },
        },
        {
          data: { values: [{ time: ann, rate: 90, label: 'ANN' }] },
          mark: { type: 'text', align: 'right', dy: -8, fontWeight: 600 },
          encoding: { x, y, text: { field: 'label', type: 'nominal' } },
        },
      ],
    },
  };
}

/** Writes a file that an `img` element can show. */
export async function writeFigure(crossover: Crossover, path: string): Promise<void> {
  const { svg, warnings } = await renderSvg(crossoverFigure(crossover));
  if (warnings.length > 0) throw new Error(`the figure is wrong: ${warnings.join('; ')}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" '));
}
