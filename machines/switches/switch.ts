/** A named difference between PyTorch and a protocol without that bug. */
export interface Switch {
  /** What happens while it is on, in one line. */
  readonly about: string;
  /** Whether PyTorch 2.6 still behaves so; else an older version did. */
  readonly isLive: boolean;
}

/** PyTorch 2.6 behaves so. */
export function live(about: string): Switch {
  return { about, isLive: true };
}

/** PyTorch behaved so once. */
export function historic(about: string): Switch {
  return { about, isLive: false };
}

/** A detector of races warns of it in PyTorch 2.6; no run is known in which it shows, so no profile has it. */
export function reported(about: string): Switch {
  return { about, isLive: false };
}
