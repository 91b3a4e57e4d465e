import { controlSettled } from '../../../machines/rref/control.ts';
import { eraseUser, tryDel } from '../../../machines/rref/deletion.ts';
import type { ControlMessage, RRefEffect } from '../../../machines/rref/effects.ts';
import type { Fork } from '../../../machines/rref/forks.ts';
import {
  addForkOfOwner,
  addForkOfOwnerIfNotPresent,
  delForkOfOwner,
} from '../../../machines/rref/forks.ts';
import { dropHandle } from '../../../machines/rref/handles.ts';
import type { ForkId, RRefId, RRefKey } from '../../../machines/rref/ids.ts';
import { getOrCreateOwnerRRef, keepOwner, setValue } from '../../../machines/rref/owners.ts';
import type { ForkData } from '../../../machines/rref/pickling.ts';
import { delPendingChild, prepareChildFork } from '../../../machines/rref/pickling.ts';
import type { Done, RRefTables } from '../../../machines/rref/tables.ts';
import { newRRefTables } from '../../../machines/rref/tables.ts';
import { acceptChild, notifyOwnerAndParentOfFork } from '../../../machines/rref/unpickling.ts';
import { getOrCreateRRef } from '../../../machines/rref/unpickling.ts';
import {
  addPendingUser,
  confirmPendingUser,
  createUserRRef,
  delPendingUser,
} from '../../../machines/rref/users.ts';

/** What is on its way between two workers. */
export type Mail = { readonly from: number; readonly to: number } & (
  | { readonly type: 'control'; readonly message: ControlMessage }
  | { readonly type: 'ack'; readonly message: ControlMessage }
  | { readonly type: 'remote-call'; readonly forkId: ForkId; readonly rrefId: RRefId }
  | { readonly type: 'remote-ret'; readonly forkId: ForkId }
  | { readonly type: 'rref'; readonly fork: ForkData }
);

/** Workers 0, 1, ... with their tables, and the mail between them in the order of sending. */
export interface Router {
  /** Delivers the mail at this place of the queue. */
  readonly deliver: (position?: number) => void;
  readonly deliverAll: () => void;
  readonly drop: (worker: number, key: RRefKey) => void;
  /** Every effect so far, with its worker. */
  readonly effects: () => readonly (RRefEffect & { readonly worker: number })[];
  /** The handles that user code of a worker holds. */
  readonly handlesOf: (worker: number) => readonly RRefKey[];
  readonly mail: () => readonly Mail[];
  /** `remote`: the creator's handle. */
  readonly remote: (creator: number, owner: number) => Fork;
  readonly run: <D extends Done>(worker: number, operation: (tables: RRefTables) => D) => D;
  /** Sends an RRef as an argument; its receiver holds what comes. */
  readonly share: (
    from: number,
    options: { readonly key: RRefKey; readonly to: number },
  ) => ForkData;
  readonly tables: (worker: number) => RRefTables;
}

/** Everything that changes while messages go. */
interface Post {
  readonly effects: (RRefEffect & { readonly worker: number })[];
  readonly handles: readonly RRefKey[][];
  readonly mail: Mail[];
  /** The worker of the parent of each fork that arrived. */
  readonly parents: Map<ForkId, number>;
  readonly run: Router['run'];
}

export function createRouter(workers: number): Router {
  const tables = Array.from({ length: workers }, (_, id) => newRRefTables(id));
  const tablesOf = (worker: number) => tables[worker] ?? newRRefTables(worker);
  const run: Router['run'] = (worker, operation) => {
    const done = operation(tablesOf(worker));
    tables[worker] = done.tables;
    for (const effect of done.effects) perform(post, worker, effect);
    return done;
  };
  const handles = tables.map((): RRefKey[] => []);
  const post: Post = { effects: [], handles, mail: [], parents: new Map(), run };
  return {
    deliver: (position) => {
      deliver(post, position);
    },
    deliverAll: () => {
      while (post.mail.length > 0) deliver(post);
    },
    drop: (worker, key) => {
      const held = handles[worker] ?? [];
      held.splice(held.indexOf(key), held.includes(key) ? 1 : 0);
      run(worker, (before) => dropHandle(before, key));
    },
    effects: () => post.effects,
    handlesOf: (worker) => [...(handles[worker] ?? [])],
    mail: () => post.mail,
    remote: (creator, owner) => remote(post, creator, owner),
    run,
    share: (from, { key, to }) => {
      const { fork, owner } = run(from, (before) => prepareChildFork(before, key));
      if (owner !== undefined) run(from, (before) => keepOwner(before, owner));
      post.mail.push({ fork, from, to, type: 'rref' });
      return fork;
    },
    tables: tablesOf,
  };
}

function perform({ effects, mail, run }: Post, worker: number, effect: RRefEffect): void {
  effects.push({ ...effect, worker });
  if (effect.type === 'control.sent') {
    mail.push({ from: worker, message: effect.message, to: effect.to, type: 'control' });
  }
  if (effect.type === 'user.unreferenced') {
    run(worker, (before) => tryDel(before, effect.forkId));
    run(worker, (before) => eraseUser(before, effect.forkId));
  }
}

function remote({ handles, mail, run }: Post, creator: number, owner: number): Fork {
  const { forkId, rrefId } = run(creator, (before) => createUserRRef(before, { ownerId: owner }));
  handles[creator]?.push(forkId);
  mail.push({ forkId, from: creator, rrefId, to: owner, type: 'remote-call' });
  run(creator, (before) => addPendingUser(before, forkId));
  return { forkId, rrefId };
}

function deliver(post: Post, position = 0): void {
  const [next] = post.mail.splice(position, 1);
  if (next === undefined) throw new Error(`There is no mail at ${position}.`);
  if (next.type === 'control') obey(post, next);
  else if (next.type === 'ack') acknowledge(post, next);
  else if (next.type === 'rref') receive(post, next);
  else if (next.type === 'remote-call') create(post, next);
  else {
    const { forkId } = next;
    const outcome = { forkId, type: 'created' } as const;
    post.run(next.to, (before) => confirmPendingUser(before, { forkId, outcome }));
  }
}

type MailOf<T extends Mail['type']> = Mail & { readonly type: T };

function acknowledge({ parents, run }: Post, { message, to: worker }: MailOf<'ack'>): void {
  if (message.type === 'RREF_FORK_REQUEST') {
    const { forkId } = message;
    run(worker, (before) => delPendingUser(before, forkId));
    run(worker, (before) => acceptChild(before, { forkId, parentId: parents.get(forkId) ?? -1 }));
  }
  run(worker, controlSettled);
}

function obey({ mail, run }: Post, { from, message, to: worker }: MailOf<'control'>): void {
  if (message.type === 'RREF_FORK_REQUEST') {
    run(worker, (before) => addForkOfOwnerIfNotPresent(before, message));
  } else if (message.type === 'RREF_USER_DELETE') {
    run(worker, (before) => delForkOfOwner(before, message));
  } else run(worker, (before) => delPendingChild(before, message.forkId));
  mail.push({ from: worker, message, to: from, type: 'ack' });
}

function receive({ handles, parents, run }: Post, { fork, to: worker }: MailOf<'rref'>): void {
  const { key } = run(worker, (before) => getOrCreateRRef(before, fork));
  handles[worker]?.push(key);
  parents.set(fork.forkId, fork.parentId);
  const notified = run(worker, (before) => notifyOwnerAndParentOfFork(before, fork));
  if (notified.isRequested) run(worker, (before) => addPendingUser(before, fork.forkId));
}

function create({ mail, run }: Post, { forkId, from, rrefId, to }: MailOf<'remote-call'>): void {
  const { owner } = run(to, (before) => getOrCreateOwnerRRef(before, rrefId));
  run(to, (before) => addForkOfOwner(before, { forkId, rrefId }));
  run(to, (before) => setValue(before, { owner, value: 42 }));
  run(to, (before) => dropHandle(before, owner));
  mail.push({ forkId, from: to, to: from, type: 'remote-ret' });
}

/** The mail as a person writes it: `2 -> 0 RREF_FORK_REQUEST w1.2`. */
export function written(mail: readonly Mail[]): readonly string[] {
  return mail.map((each) => `${each.from} -> ${each.to} ${subjectOf(each)}`);
}

function subjectOf(mail: Mail): string {
  switch (mail.type) {
    case 'control':
      return `${mail.message.type} ${mail.message.forkId}`;
    case 'ack':
      return `RREF_ACK ${mail.message.forkId}`;
    case 'rref':
      return `rref ${mail.fork.forkId}`;
    case 'remote-call':
      return `remote ${mail.rrefId} ${mail.forkId}`;
    default:
      return `REMOTE_RET ${mail.forkId}`;
  }
}
