// A study = preset, then file, then `--quick`, then command line; merged, then checked once.

import { ConfigError } from '../core/index.ts';
import { PROFILES } from '../measure/index.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Study, studySchema } from './study.ts';
import { studyError } from './study-errors.ts';
import { mergeLayers, type StudyLayer } from './study-merge.ts';
import { presetSettings, quickSettings, studyPresets } from './study-presets.ts';

export interface StudySources {
  /** Default: the file's `preset`, else `mnist-default`. */
  readonly preset?: string;
  /** A study file, read with `parseStudyFile`. */
  readonly file?: StudyLayer;
  readonly quick?: boolean;
  /** Settings of the command line, read with `parseOverrides`. */
  readonly overrides?: StudyLayer;
}

/**
 * The study that these sources describe, every choice made.
 * @throws ConfigError naming key, value, what is allowed, and the file and line (a line for each problem).
 */
export function loadStudy(sources: StudySources): Study {
  const preset = presetName(sources);
  const layers = [
    presetLayer(preset),
    ...(sources.file ? [withoutPreset(sources.file)] : []),
    ...(sources.quick ? [quickLayer(preset)] : []),
    ...(sources.overrides ? [sources.overrides] : []),
  ];
  const settings = mergeLayers(layers);
  const checked = studySchema.safeParse(settings);
  if (!checked.success) throw studyError(studySchema, checked.error, settings, layers);
  checkTogether(checked.data);
  return checked.data;
}

function presetName({ preset, file, quick }: StudySources): string {
  const name = preset ?? file?.settings.preset ?? (quick === true ? 'mnist-quick' : 'mnist-default');
  if (typeof name !== 'string')
    throw new ConfigError('preset', `got ${JSON.stringify(name)}, expected a preset's name`);
  return name;
}

function presetLayer(name: string): StudyLayer {
  const settings = presetSettings(name);
  if (!settings) {
    const names = studyPresets.map((preset) => preset.name);
    throw new ConfigError(
      'preset',
      `no preset "${name}"${didYouMean(name, names) || ';'} presets: ${names.join(', ')}`,
    );
  }
  return { label: `preset "${name}"`, settings, locate: () => undefined };
}

/** A file without a `name` is called as the file is. */
function withoutPreset(file: StudyLayer): StudyLayer {
  const { preset: _, ...settings } = file.settings;
  const stem = file.label.replace(/^.*[/\\]/, '').replace(/\.[a-z]+$/i, '');
  return { ...file, settings: { name: stem, ...settings } };
}

const quickLayer = (preset: string): StudyLayer => ({
  label: '--quick',
  settings: quickSettings(preset),
  locate: () => undefined,
});

/** What one key alone cannot say. */
function checkTogether(study: Study): void {
  const { dataset, path } = study.data;
  if (dataset === 'folder' && path === null) {
    throw new ConfigError('data.path', 'data.dataset is "folder", so give the folder, or the .npz file');
  }
  if (dataset !== 'folder' && path !== null) {
    throw new ConfigError(
      'data.path',
      `got "${path}", but data.dataset is "${dataset}"; set data.dataset to "folder" or leave data.path out`,
    );
  }
  for (const [key, encoder] of [
    ['encoder.kind', study.encoder],
    ['convert.encoder.kind', study.convert.encoder],
  ] as const) {
    if (encoder.kind !== 'delta') continue;
    throw new ConfigError(
      key,
      `got "delta", which codes changes from one step to the next; the images of "${dataset}" do not change; use constant, rate or latency`,
    );
  }
  const rated = study.encoder.kind !== 'constant' || study.convert.encoder.kind !== 'constant';
  if (rated && study.data.normalize !== 'auto' && study.data.normalize !== 'none') {
    throw new ConfigError(
      'data.normalize',
      `got ${JSON.stringify(study.data.normalize)}, but an encoder is "rate" or "latency", which codes values from 0 to 1; set data.normalize=none, or use encoder {kind: constant}`,
    );
  }
  checkProfile(study);
  if (study.training.ann.loss.kind !== 'cross-entropy') {
    throw new ConfigError(
      'training.ann.loss.kind',
      `got "${study.training.ann.loss.kind}", expected cross-entropy: the other losses are on spikes`,
    );
  }
  if (study.training.snn.loss.kind === 'cross-entropy') {
    throw new ConfigError(
      'training.snn.loss.kind',
      'got "cross-entropy", which is on an ANN\'s outputs; expected ce-count, ce-rate, mse-count, ...',
    );
  }
}

function checkProfile({ earlyStop }: Study): void {
  if (PROFILES.some(({ id }) => id === earlyStop.profile)) return;
  const ids = PROFILES.map(({ id }) => id);
  throw new ConfigError(
    'earlyStop.profile',
    `no profile "${earlyStop.profile}"${didYouMean(earlyStop.profile, ids) || ';'} profiles: ${ids.join(', ')}`,
  );
}
