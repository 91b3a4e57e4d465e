/**
 * A mistake in how Orrery is used, or in what it was given. What a simulated system can suffer
 * (a crash, a loss, a time-out) is never an exception, it is a message or an event.
 */
export class SimulationError extends Error {
  /** `layer/what`, for programs that tell errors apart. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SimulationError';
    this.code = code;
  }
}

/** Throws a `SimulationError` unless `condition` holds. */
export function invariant(condition: boolean, code: string, message: string): asserts condition {
  if (!condition) throw new SimulationError(code, message);
}

/** Closes a `switch` over a union: the compiler proves that it is never reached. */
export function unreachable(value: never): never {
  throw new SimulationError(
    'core/unreachable',
    `A case was forgotten: ${JSON.stringify(value)}. Add it to the switch that threw this.`,
  );
}

/** The text of whatever was thrown, which in JavaScript need not be an error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
