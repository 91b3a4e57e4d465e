/**
 * What a function of Python is called with, held against what it takes.
 *
 * @see CPython, `Python/ceval.c`, `initialize_locals`, `too_many_positional`, `missing_arguments`.
 */
import { missingText } from '../user/error-classes.ts';
import type { GivenArguments } from './script-arguments.ts';

/** One that a function takes; of what JavaScript alone knows, neither name nor need are sure. */
export interface TakenArgument {
  readonly initial?: { readonly value: unknown };
  /** Whether a call without it fails. */
  readonly isNeeded: boolean;
  /** Absent where it has none by which it could be given. */
  readonly name?: string;
}

/** What a function takes. */
export interface Takes {
  readonly hasRest: boolean;
  /** The function in texts. */
  readonly name: string;
  readonly parameters: readonly TakenArgument[];
}

/** The arguments in order, or the text of the `TypeError`. */
export type Fitted = { readonly args: readonly unknown[] } | { readonly misfit: string };

/** Puts the arguments in order. */
export function pythonArguments(
  { hasRest, name, parameters }: Takes,
  { args, kwargs = {} }: GivenArguments,
): Fitted {
  const misfit = (text: string): Fitted => ({ misfit: `${name}() ${text}` });
  for (const key of Object.keys(kwargs)) {
    const place = parameters.findIndex((parameter) => parameter.name === key);
    if (place === -1) return misfit(`got an unexpected keyword argument '${key}'`);
    if (place < args.length) return misfit(`got multiple values for argument '${key}'`);
  }
  if (args.length > parameters.length && !hasRest) {
    return misfit(tooManyText(parameters, args.length));
  }
  const isGiven = ({ name: key }: TakenArgument, place: number): boolean =>
    place < args.length || (key !== undefined && Object.hasOwn(kwargs, key));
  const missing = parameters.flatMap((parameter, place) =>
    parameter.isNeeded && !isGiven(parameter, place) ? [parameter.name ?? ''] : [],
  );
  if (missing.length > 0) return misfit(missingText(missing));
  const last = parameters.findLastIndex(
    (parameter, place) => isGiven(parameter, place) || parameter.initial?.value !== undefined,
  );
  const rest = parameters.slice(args.length, last + 1).map((parameter) => {
    const { initial, name: key } = parameter;
    return key !== undefined && Object.hasOwn(kwargs, key) ? kwargs[key] : initial?.value;
  });
  return { args: [...args, ...rest] };
}

function tooManyText(parameters: readonly TakenArgument[], given: number): string {
  const most = parameters.length;
  const least = parameters.filter(({ initial }) => initial === undefined).length;
  const takes = least === most ? `${most}` : `from ${least} to ${most}`;
  const noun = takes === '1' ? 'argument' : 'arguments';
  return `takes ${takes} positional ${noun} but ${given} ${given === 1 ? 'was' : 'were'} given`;
}
