/** A machine that starts again after a crash. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- a config of any machine has no type of its own */
import { createMachine } from 'xstate';
import type { AnyActorLogic, AnyStateMachine } from 'xstate';

import { isMachine } from './sources.ts';

/** A machine whose first context has what survived a crash over what its own factory gives. */
export function restarted(logic: AnyActorLogic, durable: unknown): AnyActorLogic {
  if (!isMachine(logic)) return logic;
  const { config, implementations }: AnyStateMachine = logic;
  const context: unknown = config.context;
  const merged = (args: unknown): object => ({
    ...(typeof context === 'function' ? (context(args) as object) : (context as object)),
    ...(durable as object),
  });
  return createMachine(
    { ...config, context: merged } as never,
    implementations as never,
  ) as AnyActorLogic;
}
