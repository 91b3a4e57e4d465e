/** What calls give, which nobody has looked at: `*args` and `**kwargs`. */
import { classNameOf, isNone, pythonTypeOf } from '../../engine/python-types.ts';
import type { GivenArguments } from './script-arguments.ts';

/** The arguments of a call, or what Python says of what are none. */
export function givenBy({
  args,
  kwargs,
}: {
  readonly args: unknown;
  readonly kwargs: unknown;
}): GivenArguments | { readonly noArguments: string } {
  const all = args ?? [];
  const list: unknown = typeof all === 'string' ? Array.from(all) : all;
  if (!Array.isArray(list)) {
    return { noArguments: `after * must be an iterable, not ${typeName(args)}` };
  }
  if (isNone(kwargs)) return { args: list };
  return typeof kwargs === 'object' && pythonTypeOf(kwargs) === 'builtins.dict'
    ? { args: list, kwargs: Object.fromEntries(Object.entries(kwargs)) }
    : { noArguments: `after ** must be a mapping, not ${typeName(kwargs)}` };
}

function typeName(value: unknown): string {
  return classNameOf(pythonTypeOf(value));
}
