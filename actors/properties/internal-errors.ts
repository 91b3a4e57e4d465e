/**
 * The texts of PyTorch's internal assertions: what they say is no mistake of a user.
 *
 * @see PyTorch, `TORCH_INTERNAL_ASSERT` and the checks of like kind in `rref_context.cpp`, `rref_impl.cpp`,
 * `dist_engine.cpp`.
 */
const internal: readonly RegExp[] = [
  /Inconsistent states: /,
  /Got fork notification twice/,
  /Attempt to add (self as fork twice|an OwnerRRef as a pending User)/,
  /Expected OwnerRRef with id .* to be created/,
  /Expected the return of fork/,
  /Expecting an OwnerRRef as RemoteRet/,
  /Pending user with forkId .* not found/,
  /OwnerRRef should not have a pending child/,
  /INTERNAL ASSERT FAILED/,
];

/** Whether an error says that the framework itself is at fault. */
export function isInternalError(message: string): boolean {
  return internal.some((text) => text.test(message));
}
