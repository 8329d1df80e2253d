// A study = preset, then file, then `--quick`, then command line; merged, then checked once.

import { ConfigError } from '../core/index.ts';
import { PROFILES } from '../measure/index.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Study, studySchema } from './study.ts';
import { studyError } from './study-errors.ts';
import { mergeLayers, mergeSettings, type Settings, type StudyLayer } from './study-merge.ts';
import { presetSettings, quickSettings, studyPresets } from './study-presets.ts';
import { QUICK_ROBUSTNESS } from './study-robustness.ts';

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
  const described = [presetLayer(preset), ...(sources.file ? [withoutPreset(sources.file)] : [])];
  const said = sources.overrides ? [sources.overrides] : [];
  const quick = sources.quick ? [quickLayer(preset, mergeLayers([...described, ...said]))] : [];
  const layers = [...described, ...quick, ...said];
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

/** Robustness is made shorter where it is asked for, and not asked for by being made shorter. */
function quickLayer(preset: string, { robustness = null }: Settings): StudyLayer {
  const asked = robustness !== null && robustness !== false;
  const settings = mergeSettings(asked ? { robustness: QUICK_ROBUSTNESS } : {}, quickSettings(preset));
  return { label: '--quick', settings, locate: () => undefined };
}

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
  checkRobustness(study);
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

function checkRobustness({ robustness, convert, compare }: Study): void {
  if (robustness === null) return;
  const { convertedTimesteps, noise, faults, attack } = robustness;
  if (convertedTimesteps !== null && compare.includes('converted') && !convert.timesteps.includes(convertedTimesteps)) {
    throw new ConfigError(
      'robustness.convertedTimesteps',
      `got ${convertedTimesteps}, expected one of convert.timesteps: ${convert.timesteps.join(', ')}`,
    );
  }
  if (attack === null && [noise, faults].every((part) => part === null || part.kinds.length === 0)) {
    throw new ConfigError(
      'robustness',
      'asks for no noise, no faults and no attack; leave one of them in, or set robustness=null',
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
