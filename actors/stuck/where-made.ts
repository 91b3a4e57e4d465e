/** Which call of user code made a message of an autograd context, found by running it again. */
import { idOf } from '../../machines/autograd/ids.ts';
import type { Frame } from '../../machines/engine/frame.ts';
import type { Request } from '../../machines/rpc/agent/messages.ts';
import type { WorkerContext } from '../../machines/rpc/context.ts';
import type { UserRequest } from '../../machines/rpc/user/user-request.ts';
import { getIn, hasIn, locate, placesIn, runSystem, valuesOf } from '../../src/index.ts';
import type {
  ProgramHost,
  ProgramState,
  SourcePlace,
  Step,
  System,
  Tape,
  World,
} from '../../src/index.ts';

/** A call of user code. */
export interface MadeBy {
  /** The call as user code writes it: `rpc.sync(worker1, add)`. */
  readonly call: string;
  /** How many calls of functions its function made before. */
  readonly nr: number;
  /** The request that its function serves, as the call that made that; absent for the user's own thread. */
  readonly parent?: MadeBy;
  /** The line of the innermost user code; absent where the engine does not tell. */
  readonly place?: SourcePlace;
  readonly worker: string;
}

/**
 * The calls that made messages, by the id of the message: the call itself for its arguments, and for its result
 * too.
 *
 * @param tape of a run of `system`.
 */
export function whereMade(
  host: ProgramHost<Frame>,
  { system, tape }: { readonly system: System; readonly tape: Tape },
): (autogradMessageId: string) => MadeBy | undefined {
  const calls = new Map<string, Asked>();
  const messages = new Map<string, string>();
  const counts = new Map<string, number>();
  runSystem(system, {
    tape,
    onStep: (step, world) => {
      const moved = workerStep(step);
      if (moved === undefined) return;
      const asked = askedIn(step, world);
      const { after, before } = moved;
      for (let id = before.agent.nextMessageId; id < after.agent.nextMessageId; id += 1) {
        if (asked === undefined) continue;
        const thread = `${after.name}/${asked.thread}`;
        const nr = counts.get(thread) ?? 0;
        if (asked.call.startsWith('rpc.')) counts.set(thread, nr + 1);
        const request = getIn(before.threads, asked.thread)?.request;
        calls.set(keyOf(after.id, id), { ...asked, nr, request, worker: after.name });
      }
      const made =
        asked === undefined ? servedIn(moved) : keyOf(after.id, before.agent.nextMessageId);
      for (let nr = before.autograd.nextMessageNr; nr < after.autograd.nextMessageNr; nr += 1) {
        if (made !== undefined) messages.set(idOf(after.id, nr), made);
      }
    },
  });
  const tell = (key: string): MadeBy | undefined => {
    const asked = calls.get(key);
    if (asked === undefined) return undefined;
    const { call, nr, request, state, worker } = asked;
    const place = state?.type === 'waiting' ? locate(host, state).find(isUserCode) : undefined;
    const parent = request && tell(keyOf(request.from, request.id));
    return {
      call,
      nr,
      ...(parent === undefined ? {} : { parent }),
      ...(place === undefined ? {} : { place }),
      worker,
    };
  };
  return (autogradMessageId) => {
    const key = messages.get(autogradMessageId);
    return key === undefined ? undefined : tell(key);
  };
}

/** A call in words, with its line. */
export function describeMade({ call, place, worker }: MadeBy): string {
  const where = place === undefined ? '' : ` at ${shortened(place.file)}:${place.line}`;
  return `made by ${call} on ${worker}${where}`;
}

interface Question {
  readonly call: string;
  readonly state: ProgramState<Frame> | undefined;
  readonly thread: string;
}

interface Asked extends Question {
  readonly nr: number;
  readonly request: Request | undefined;
  readonly worker: string;
}

interface Moved {
  readonly after: WorkerContext;
  readonly before: WorkerContext;
}

/** A step moves one worker at most. */
function workerStep({ happened }: Step): Moved | undefined {
  for (const each of happened) {
    if (each.type !== 'moved') continue;
    const [before, after] = [each.before, each.after].map(({ context }) => context);
    if (isWorker(before) && isWorker(after)) return { after, before };
  }
  return undefined;
}

function isWorker(context: unknown): context is WorkerContext {
  return typeof context === 'object' && context !== null && 'agent' in context;
}

/** What user code asked for in this step, and where it waits. */
function askedIn({ choice }: Step, world: World): Question | undefined {
  if (choice?.type !== 'deliver' || choice.event.type !== 'request.made') return undefined;
  // casts -- the event of a user function to its worker, and the snapshot of its machine
  const { call: thread, request } = choice.event as unknown as {
    readonly call: string;
    readonly request: UserRequest;
  };
  const local = getIn(world.actors, `${choice.to}/${thread}`)?.local['context'];
  const { state } = (local ?? {}) as { readonly state?: ProgramState<Frame> };
  return { call: describeRequest(request), state, thread };
}

/** The call that was answered in this step. */
function servedIn({ after, before }: Moved): string | undefined {
  const ended = valuesOf(before.threads).find(
    ({ name, request }) => request?.type === 'FORWARD_AUTOGRAD_REQ' && !hasIn(after.threads, name),
  );
  return ended?.request && keyOf(ended.request.from, ended.request.id);
}

function keyOf(worker: number, call: number): string {
  return `${worker}/${call}`;
}

function describeRequest(request: UserRequest): string {
  switch (request.type) {
    case 'rpc.async':
    case 'rpc.remote':
    case 'rpc.sync': {
      const { callee, to } = request;
      const name = typeof to === 'object' ? to.name : String(to);
      return `${request.type}(${name}, ${callee.type === 'operator' ? `torch.${callee.op}` : callee.fn})`;
    }
    case 'rref.to-here':
      return 'rref.toHere()';
    default:
      // All others say enough by their names.
      return request.type;
  }
}

// As stacks name it: where source maps are on, `import.meta.url` may be that of a bundle.
const here = folderOf(placesIn(new Error('here').stack ?? '')[0]?.file ?? '');
const helpers = folderOf(here.slice(0, -1));
const root = folderOf(helpers.slice(0, -1));

/** Files of this package are named from its root, so that texts are the same wherever it lies. */
function shortened(file: string): string {
  return file.startsWith(root) ? file.slice(root.length) : file;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

/** Neither the runtime nor the helpers that user code is written with, which lie in one folder. */
function isUserCode({ file }: SourcePlace): boolean {
  const isHelper = file.startsWith(helpers) && !file.slice(helpers.length).includes('/');
  return !isHelper && !file.startsWith(`${root}src/`) && !file.startsWith('node:');
}
