/** What pybind11 says where a bound function of PyTorch is given something that it does not take. */
import { typeError } from './errors.ts';

/** The `TypeError` of a call of `fn`, with what it was `given` as Python shows it. */
export function incompatible(fn: string, signature: string, given: string): Error {
  return typeError(
    `${fn}(): incompatible function arguments. The following argument types are supported:\n` +
      `    1. ${signature}\n\nInvoked with: ${given}`,
  );
}
