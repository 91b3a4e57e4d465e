/**
 * Where the members of a group meet, by the URL that all are given.
 *
 * @see PyTorch, `torch/distributed/rendezvous.py`.
 */
import { TorchError } from '../engine/torch-error.ts';

/** What a process says of itself. */
export interface Rendezvous {
  readonly env: Readonly<Record<string, string>>;
  /** `env://`, `tcp://host:port` or `file:///path`, perhaps with `?rank=0&world_size=2`. */
  readonly initMethod: string;
  /** -1 if it does not say so. */
  readonly rank: number;
  /** Absent in a group that changes. */
  readonly worldSize: number | undefined;
}

/** Where it goes, and as what. */
export interface Meeting {
  readonly rank: number;
  /** The same for all that meet. */
  readonly store: string;
}

/**
 * The meeting place of a URL.
 *
 * @throws {TorchError} `ValueError` for what is missing, `RuntimeError` for a scheme that nobody handles.
 */
export function meetingOf(rendezvous: Rendezvous): Meeting {
  const { initMethod, rank, worldSize } = rendezvous;
  const [, scheme = '', place = '', query = ''] =
    /^([a-z]+):\/\/([^?]*)(?:\?(.*))?$/.exec(initMethod) ?? [];
  const given = new Map(
    query.split('&').flatMap((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return key === '' ? [] : [[key, value] as const];
    }),
  );
  const params = {
    rank: rank === -1 ? given.get('rank') : String(rank),
    worldSize: worldSize === undefined ? '-1' : String(worldSize),
  };
  switch (scheme) {
    case 'env':
      return byEnvironment(rendezvous, params);
    case 'file':
      require(place !== '', 'file:// rendezvous: path missing');
      return { rank: rankOf('file', params), store: `file:${place}` };
    case 'tcp':
      require(/:\d+/.test(place), 'tcp:// rendezvous: port number missing');
      return { rank: rankOf('tcp', params), store: `tcp:${place}` };
    default:
      // The user may have written anything.
      throw new TorchError('RuntimeError', `No rendezvous handler for ${scheme}://`);
  }
}

interface Params {
  readonly rank: string | undefined;
  readonly worldSize: string;
}

function byEnvironment({ env }: Rendezvous, params: Params): Meeting {
  const variable = (name: string): string => {
    const value = env[name];
    require(value !==
      undefined, `env:// rendezvous: environment variable ${name} expected, but not set`);
    return value ?? '';
  };
  const rank = Number(params.rank ?? variable('RANK'));
  return { rank, store: `tcp:${variable('MASTER_ADDR')}:${variable('MASTER_PORT')}` };
}

function rankOf(scheme: string, { rank }: Params): number {
  require(rank !== undefined, `${scheme}:// rendezvous: rank parameter missing`);
  return Number(rank);
}

function require(condition: boolean, message: string): void {
  if (condition) return;
  throw new TorchError('ValueError', `Error initializing torch.distributed using ${message}`);
}
