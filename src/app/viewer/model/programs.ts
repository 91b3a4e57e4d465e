/** The user's functions that run at one moment: where each stands, and what it waits for. */
import type { AnyActorLogic } from 'xstate';

import { entriesOf } from '../../../core/persistent-map.ts';
import type { World } from '../../../kernel/world.ts';
import type { ProgramHost } from '../../../program/advance.ts';
import { answersUpTo, functionAt } from '../../../program/history.ts';
import type { CalledCell, Cell, ProgramState, Waiting } from '../../../program/history.ts';
import { locate } from '../../../program/locate.ts';
import type { SourcePlace } from '../../../program/locate.ts';
import { isMachine } from '../../../runtime/sources.ts';
import type { System } from '../../../runtime/system.ts';
import { brief } from '../../../trace/words.ts';

/** One running function. */
export interface Thread {
  readonly actor: string;
  /** Innermost first. */
  readonly calls: readonly CallView[];
  /** What it asked for and has no answer to. */
  readonly waitsFor?: string;
  /** Innermost first; none where the engine tells none. */
  readonly places: readonly SourcePlace[];
}

/** A call under way: the function, and how many answers it got. */
export interface CallView {
  readonly fn: string;
  readonly args: string;
  readonly answers: number;
}

/** All functions that run in a world. */
export function threadsOf(system: System, world: World): readonly Thread[] {
  return [...entriesOf(world.actors)].flatMap(([actor, { local, logic }]) => {
    const host = hostOf(system.logicOf(logic));
    const { context } = local;
    if (host === undefined || !isRunning(context) || context.state.type === 'ended') return [];
    const { request, state } = context;
    return [
      {
        actor,
        calls: callsAt(state.at),
        places: state.type === 'waiting' ? placesOf(host, state) : [],
        ...(request === undefined ? {} : { waitsFor: wordsOf(request) }),
      },
    ];
  });
}

const textLength = 80;

function callsAt(at: Cell<unknown>): readonly CallView[] {
  const calls: CallView[] = [];
  for (let cell: Cell<unknown> | undefined = at; cell !== undefined;) {
    const { args, caller, fn }: CalledCell<unknown> = functionAt(cell);
    calls.push({ answers: answersUpTo(cell).length, args: brief(args, textLength), fn });
    cell = caller?.at;
  }
  return calls;
}

function placesOf(host: ProgramHost<unknown>, state: Waiting<unknown>): readonly SourcePlace[] {
  try {
    return locate(host, state);
  } catch {
    // A program that does not fit its history says so when it runs; here it only has no place.
    return [];
  }
}

function wordsOf({ type, ...rest }: { readonly type: string }): string {
  return `${type} ${brief(rest, textLength)}`;
}

interface Running {
  readonly request?: { readonly type: string };
  readonly state: ProgramState<unknown>;
}

function isRunning(context: unknown): context is Running {
  if (typeof context !== 'object' || context === null || !('state' in context)) return false;
  const { state } = context;
  return typeof state === 'object' && state !== null && 'type' in state;
}

/** What runs the functions of a logic; user functions say it of themselves. */
function hostOf(logic: AnyActorLogic | undefined): ProgramHost<unknown> | undefined {
  if (logic === undefined || !isMachine(logic)) return undefined;
  const meta: unknown = logic.root.meta;
  return holdsHost(meta) ? meta.host : undefined;
}

function holdsHost(meta: unknown): meta is { readonly host: ProgramHost<unknown> } {
  return typeof meta === 'object' && meta !== null && 'host' in meta;
}
