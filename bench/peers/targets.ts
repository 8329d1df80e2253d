// The cases against the libraries, and what this engine has promised of each.

export interface PeerCase {
  /** Of bench/cases.ts. */
  readonly name: string;
  readonly about: string;
  /** Cases of peers.py that do this work; the fastest of them is the one compared with. */
  readonly peers: readonly string[];
  /** How many times as fast a training step and the inference must be; undefined: no promise. */
  readonly training: number;
  readonly inference?: number;
}

/** Peak memory: at most this share of the library's. */
export const MEMORY_SHARE = 0.5;

/** A convolution may run faster on maps with their channels first or last. */
const layouts = (...names: string[]): readonly string[] => names.flatMap((name) => [name, `${name}-channels-last`]);

export const PEER_CASES: readonly PeerCase[] = [
  { name: 'ann', about: 'ANN 784-256-256-10, PyTorch', peers: ['ann'], training: 1 },
  { name: 'static', about: 'SNN 784-256-256-10, constant, snnTorch', peers: ['static'], training: 6, inference: 10 },
  { name: 'rate', about: 'the same, rate-coded', peers: ['rate'], training: 5, inference: 10 },
  { name: 'wide', about: 'SNN 784-1000-10, constant, snnTorch', peers: ['wide'], training: 6, inference: 10 },
  {
    name: 'poisson',
    about: 'SNN 784-256-10, Poisson, SpikingJelly',
    peers: ['poisson-single', 'poisson-multi'],
    training: 4,
    inference: 10,
  },
  { name: 'cnn-ann', about: 'CNN of five layers as ANN, PyTorch', peers: layouts('cnn-ann'), training: 0.7 },
  {
    name: 'cnn-snntorch',
    about: 'the CNN as SNN, T=5, snnTorch',
    peers: layouts('cnn-snntorch'),
    training: 2,
    inference: 6,
  },
  {
    name: 'cnn-spikingjelly',
    about: 'the CNN as SNN, T=5, SpikingJelly',
    peers: layouts('cnn-spikingjelly-multi', 'cnn-spikingjelly-single'),
    training: 3,
    inference: 6,
  },
];
