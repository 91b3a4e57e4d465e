import type { Call, CallResult } from './call.ts';

/** A call, and how it ended. */
export interface EndedCall {
  readonly call: Call;
  readonly result: CallResult;
}

/** The error with which a call ended, if it did. */
export function errorOf({ result }: EndedCall): string | undefined {
  if (result.type === 'failed') return result.message;
  return result.message.type === 'EXCEPTION' ? result.message.payload : undefined;
}
