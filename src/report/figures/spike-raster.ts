// Who fired when, for one test sample, a panel a layer.

import type { NetworkRecord, RasterRecord, RunRecord } from '../../store/index.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA, WIDTH } from './theme.ts';

/** Neurons drawn of a layer: a larger layer is thinned evenly, so that a page stays small and a row stays visible. */
const MOST_NEURONS = 64;
/** Layers drawn; a panel each. */
const MOST_LAYERS = 5;
const ROW_HEIGHTS = { least: 60, most: 200, each: 8 };

/** The first sample of the first trained SNN, or else of the first spiking network; null if no raster was stored. */
export function spikeRaster({ networks, data }: RunRecord): Figure | null {
  const stored = networks.filter(({ rasters }) => rasters.length > 0);
  const network = stored.find(({ kind }) => kind === 'snn') ?? stored[0];
  const raster = network?.rasters[0];
  if (network === undefined || raster === undefined || raster.layers.length === 0) return null;
  const steps = network.timesteps;
  const layers = shownLayers(raster.layers);
  const thinned = layers.filter(({ neurons }) => neurons > MOST_NEURONS).map(({ layer }) => layer);
  const thinning =
    thinned.length === 0
      ? ''
      : ` Of ${thinned.join(', ')} only every so many neurons are drawn, ${MOST_NEURONS} at most.`;
  const leftOut = layers.length < raster.layers.length ? ` ${layers.length} of ${raster.layers.length} layers.` : '';
  return {
    id: 'spike-raster',
    title: `Spikes of ${network.name}`,
    caption: `One test sample (number ${raster.sample}, class ${className(raster.label, data.classes)}, read as ${className(raster.prediction, data.classes)}). Each mark is a spike.${leftOut}${thinning}`,
    alt: `Spike raster over ${steps} steps. ${raster.layers.map(({ layer, spikes }) => `${layer}: ${spikes.length} spikes`).join('; ')}.`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      vconcat: layers.map((layer, i) => panel(network, layer, i === layers.length - 1)),
      spacing: 14,
    },
  };
}

/** A class's name; none for a network that stayed undecided. */
export const className = (index: number, classes: readonly string[]): string =>
  index < 0 ? 'undecided' : (classes[index] ?? String(index));

type RasterLayer = RasterRecord['layers'][number];

/**
 * At most `MOST_NEURONS` of so many, evenly. Coprime to their number, since neurons of a map are stored channel by channel: every
 * 64th of 16 channels would always be the same channel.
 */
function strideOf(neurons: number): number {
  let stride = Math.ceil(neurons / MOST_NEURONS);
  while (stride > 1 && gcd(stride, neurons) > 1) stride++;
  return stride;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** All layers, or of many the first, the last, and some evenly between. */
function shownLayers(layers: readonly RasterLayer[]): readonly RasterLayer[] {
  if (layers.length <= MOST_LAYERS) return layers;
  return Array.from(
    { length: MOST_LAYERS },
    (_, i) => layers[Math.round((i * (layers.length - 1)) / (MOST_LAYERS - 1))]!,
  );
}

function panel(network: NetworkRecord, { layer, neurons, spikes, every = 1 }: RasterLayer, isLast: boolean) {
  const stride = every * strideOf(Math.ceil(neurons / every));
  const drawn = Math.ceil(neurons / stride);
  const height = Math.min(ROW_HEIGHTS.most, Math.max(ROW_HEIGHTS.least, drawn * ROW_HEIGHTS.each));
  const values = spikes
    .filter(([, neuron]) => neuron % stride === 0)
    .map(([step, neuron]) => ({ step: step + 1, neuron }));
  return {
    width: WIDTH,
    height,
    data: { values },
    mark: {
      type: 'tick' as const,
      orient: 'vertical' as const,
      aria: false,
      opacity: 1,
      thickness: Math.max(2, Math.min(9, (0.3 * WIDTH) / network.timesteps)),
      size: Math.max(3, Math.min(8, (height / drawn) * 0.8)),
      color: OKABE_ITO.blue,
    },
    encoding: {
      x: {
        field: 'step',
        type: 'quantitative' as const,
        title: isLast ? 'Time step' : null,
        axis: { format: 'd', tickMinStep: 1, labels: isLast, grid: false },
        scale: { domain: [0.5, network.timesteps + 0.5], nice: false },
      },
      y: {
        field: 'neuron',
        type: 'quantitative' as const,
        title: [layer, 'neuron'],
        axis: { format: 'd', grid: false, tickCount: 4 },
        scale: { domain: [-0.5, neurons - 0.5], nice: false, reverse: true },
      },
    },
  };
}
