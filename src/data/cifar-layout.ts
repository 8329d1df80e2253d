// The official binary layouts of CIFAR-10 and CIFAR-100. A record is its label bytes, then 1024 red, 1024 green and 1024 blue
// bytes of a 32 x 32 image, each plane row-major. https://www.cs.toronto.edu/~kriz/cifar.html

export type CifarKind = 'cifar10' | 'cifar100';
export type CifarLabels = 'fine' | 'coarse';

export const CIFAR_SIDE = 32;
export const CIFAR_PIXELS = CIFAR_SIDE * CIFAR_SIDE;
export const CIFAR_CHANNELS = 3;

export interface CifarLabelling {
  /** Byte of the record that holds this label. */
  readonly byte: number;
  /** What the classes are called if the folder's own list is missing. */
  readonly classes: readonly string[];
  readonly namesFile: string;
}

export interface CifarLayout {
  readonly name: string;
  /** Folder inside the official archive. */
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: string;
  readonly labelBytes: number;
  readonly labels: Readonly<Partial<Record<CifarLabels, CifarLabelling>>> & { readonly fine: CifarLabelling };
  /** Images in each training file, and in the test file. */
  readonly officialTrain: number;
  readonly officialTest: number;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const TEN = words('airplane automobile bird cat deer dog frog horse ship truck');

const FINE = words(`
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle caterpillar
  cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl
  hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom
  oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road
  rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank
  telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm`);

const COARSE = words(`
  aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices household_furniture insects
  large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes large_omnivores_and_herbivores medium_mammals
  non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2`);

export const CIFAR: Readonly<Record<CifarKind, CifarLayout>> = {
  cifar10: {
    name: 'CIFAR-10',
    folder: 'cifar-10-batches-bin',
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: 'test_batch.bin',
    labelBytes: 1,
    labels: { fine: { byte: 0, classes: TEN, namesFile: 'batches.meta.txt' } },
    officialTrain: 10_000,
    officialTest: 10_000,
  },
  cifar100: {
    name: 'CIFAR-100',
    folder: 'cifar-100-binary',
    train: ['train.bin'],
    test: 'test.bin',
    labelBytes: 2,
    labels: {
      coarse: { byte: 0, classes: COARSE, namesFile: 'coarse_label_names.txt' },
      fine: { byte: 1, classes: FINE, namesFile: 'fine_label_names.txt' },
    },
    officialTrain: 50_000,
    officialTest: 10_000,
  },
};

/** Every file of a folder in this layout. */
export const cifarFiles = (layout: CifarLayout): readonly string[] => [
  ...layout.train,
  layout.test,
  ...Object.values(layout.labels).map(({ namesFile }) => namesFile),
];
