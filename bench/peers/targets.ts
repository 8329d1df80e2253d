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
];
