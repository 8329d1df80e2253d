// Which images a folder holds: one subfolder a class, either right in it or under train/ and test/ or val/.

import { joinPath, listDirectory, pathKind } from '#platform';
import { DataError } from '../core/index.ts';

export interface ImageFile {
  readonly path: string;
  readonly label: number;
}

export interface ImageFiles {
  readonly classes: readonly string[];
  readonly train: readonly ImageFile[];
  /** Undefined if the folder has neither test/ nor val/: then the images have yet to be split. */
  readonly test?: readonly ImageFile[];
  /** val/, where there is test/ as well. */
  readonly validation?: readonly ImageFile[];
}

/** Labels are bytes. */
const MOST_CLASSES = 256;

const isImage = (name: string): boolean => /\.(jpe?g|png|webp)$/i.test(name) && !name.startsWith('.');

/** Subfolders of a folder, hidden ones left out. */
export async function subfolders(folder: string): Promise<readonly string[]> {
  const names = (await listDirectory(folder)).filter((name) => !name.startsWith('.'));
  const kinds = await Promise.all(names.map((name) => pathKind(joinPath(folder, name))));
  return names.filter((_, i) => kinds[i] === 'directory');
}

async function listClasses(folder: string): Promise<readonly string[]> {
  const classes = await subfolders(folder);
  if (classes.length >= 2 && classes.length <= MOST_CLASSES) return classes;
  throw new DataError(
    folder,
    `holds ${classes.length} subfolders, expected one for each class, from 2 to ${MOST_CLASSES}, with JPEG, PNG or WebP images in them`,
  );
}

async function listImages(
  folder: string,
  classes: readonly string[],
  known: readonly string[],
): Promise<readonly ImageFile[]> {
  const files: ImageFile[] = [];
  for (const name of classes) {
    const label = known.indexOf(name);
    if (label < 0)
      throw new DataError(
        joinPath(folder, name),
        `"${name}" is no class of the training images (${known.slice(0, 10).join(', ')}${known.length > 10 ? ', ...' : ''})`,
      );
    const inside = (await listDirectory(joinPath(folder, name))).filter(isImage);
    if (inside.length === 0)
      throw new DataError(
        joinPath(folder, name),
        'holds no .jpg, .jpeg, .png or .webp file; add some, or remove the folder',
      );
    for (const file of inside) files.push({ path: joinPath(folder, name, file), label });
  }
  return files;
}

/** Lists images without reading them. Throws DataError for a folder without classes, an empty class, a test class unknown in training. */
export async function findImages(folder: string): Promise<ImageFiles> {
  const parts = await subfolders(folder);
  if (!parts.includes('train')) {
    const classes = await listClasses(folder);
    return { classes, train: await listImages(folder, classes, classes) };
  }
  const root = joinPath(folder, 'train');
  const classes = await listClasses(root);
  const part = async (name: string): Promise<readonly ImageFile[]> =>
    listImages(joinPath(folder, name), await subfolders(joinPath(folder, name)), classes);
  const [hasTest, hasValidation] = [parts.includes('test'), parts.includes('val')];
  return {
    classes,
    train: await listImages(root, classes, classes),
    ...(hasTest ? { test: await part('test') } : hasValidation ? { test: await part('val') } : {}),
    ...(hasTest && hasValidation ? { validation: await part('val') } : {}),
  };
}
