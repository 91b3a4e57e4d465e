/** Notices that this process is asked to end. */

/** Until when a signal is listened to. */
export interface Stopping {
  readonly forget: () => void;
  readonly signal: AbortSignal;
}

/** The first request ends what is under way in order; a second one ends the process at once. */
export function whenStopped(): Stopping {
  const controller = new AbortController();
  const stop = (): void => {
    forget();
    controller.abort();
  };
  const forget = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { forget, signal: controller.signal };
}
