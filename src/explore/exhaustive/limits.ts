/** Where a search stops whether or not all was seen. */

/** How much a search may take. */
export interface SearchLimits {
  /** Bytes that stored worlds may take, roughly; what machines and their states take comes on top. */
  readonly bytesMax?: number;
  /**
   * Levels that are expanded, the start being the first; without limit unless said otherwise. Depth
   * first, a world counts as deep as the way by which it was found first.
   */
  readonly depthMax?: number;
  /** Worlds after which the search stops; 100 million unless said otherwise. */
  readonly statesMax?: number;
  /** Asked now and then; the search ends where it says yes. */
  readonly isEnough?: () => boolean;
}

/** A limit at which a search ended. */
export type Limit = 'bytes-max' | 'depth-max' | 'states-max' | 'enough';

/** SearchLimits in force. */
export interface Limiting {
  readonly depthMax: number;
  /** The limit that was reached after so many expansions, if one was. */
  readonly reached: (expanded: number) => Limit | undefined;
}

/** What is used so far. */
export interface Usage {
  readonly bytes: () => number;
  /** Worlds so far. */
  readonly size: () => number;
  /** No fewer, and told at once. */
  readonly sizeMost: () => number;
}

/** Worlds after which a search stops unless it is told otherwise. */
export const statesMaxDefault = 100_000_000;

/** To add up bytes takes longer than to expand a world. */
const bytesEvery = 1 << 10;

/** The limits of a search that has used what `usage` says. */
export function limitsOf(limits: SearchLimits, { bytes, size, sizeMost }: Usage): Limiting {
  const { bytesMax = Number.POSITIVE_INFINITY, depthMax = Number.POSITIVE_INFINITY } = limits;
  const { isEnough = () => false, statesMax = statesMaxDefault } = limits;
  return {
    depthMax,
    reached: (expanded) => {
      if (sizeMost() > statesMax && size() > statesMax) return 'states-max';
      if (expanded % bytesEvery !== 1) return undefined;
      if (isEnough()) return 'enough';
      return bytes() > bytesMax ? 'bytes-max' : undefined;
    },
  };
}
