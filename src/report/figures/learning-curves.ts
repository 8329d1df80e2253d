// Loss and accuracy of the trained networks over their epochs, training and validation.

import type { NetworkRecord, RunRecord } from '../../store/index.ts';
import { percent } from '../quantity.ts';
import { CONFIG, type Figure, OKABE_ITO, SCHEMA } from './theme.ts';

const PALETTE = [OKABE_ITO.grey, OKABE_ITO.blue, OKABE_ITO.vermillion, OKABE_ITO.green, OKABE_ITO.purple];
const PANEL = { width: 250, height: 220 };

/** Null if no network of the record was trained in it. */
export function learningCurves({ networks }: RunRecord): Figure | null {
  const trained = networks.filter(({ training }) => (training?.epochs.length ?? 0) > 0);
  if (trained.length === 0) return null;
  const rows = trained.flatMap(rowsOf);
  const epochs = Math.max(...rows.map(({ epoch }) => epoch));
  const panel = (field: 'loss' | 'accuracy', title: string) => ({
    ...PANEL,
    mark: { type: 'line' as const, point: { size: 30 } },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative' as const,
        title: 'Epoch',
        axis: { tickMinStep: 1, format: 'd', tickCount: Math.min(10, epochs) },
        scale: { domain: [1, Math.max(2, epochs)] },
      },
      y: { field, type: 'quantitative' as const, title, scale: { zero: false, nice: true } },
      color: {
        field: 'network',
        type: 'nominal' as const,
        title: null,
        scale: { domain: trained.map(({ name }) => name), range: trained.map((_, i) => PALETTE[i % PALETTE.length]!) },
      },
      strokeDash: {
        field: 'set',
        type: 'nominal' as const,
        title: null,
        scale: {
          domain: ['validation', 'training'],
          range: [
            [1, 0],
            [5, 4],
          ],
        },
      },
    },
  });
  return {
    id: 'learning-curves',
    title: 'Learning curves',
    caption: `Loss and accuracy after each epoch, on the training samples (dashed) and the validation samples (solid). The losses of an ANN and of an SNN need not be the same function.${bestWords(trained)}`,
    alt: `Two line charts over ${epochs} epochs, loss and accuracy.${bestWords(trained)}`,
    spec: {
      $schema: SCHEMA,
      config: CONFIG,
      data: { values: rows },
      hconcat: [panel('loss', 'Loss'), panel('accuracy', 'Accuracy (%)')],
      spacing: 36,
    },
  };
}

function bestWords(trained: readonly NetworkRecord[]): string {
  return trained
    .map(({ name, training }) => {
      const best = training!.epochs.find(({ epoch }) => epoch === training!.bestEpoch);
      return best === undefined || best.validationAccuracy === null
        ? ''
        : ` ${name}: best at epoch ${best.epoch}, ${percent(best.validationAccuracy)} % on validation.`;
    })
    .join('');
}

function rowsOf({ name, training }: NetworkRecord) {
  return training!.epochs.flatMap(({ epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy }) => {
    const trained = {
      network: name,
      epoch,
      set: 'training',
      loss: trainLoss,
      accuracy: trainAccuracy === null ? null : trainAccuracy * 100,
    };
    if (validationLoss === null || validationAccuracy === null) return [trained];
    return [trained, { ...trained, set: 'validation', loss: validationLoss, accuracy: validationAccuracy * 100 }];
  });
}
