/** The methods that handles have in the hands of user code. */
import type { FutureHandle, RRefHandle } from '../machines/rpc/handles.ts';
import { isFutureHandle, isRRefHandle } from '../machines/rpc/handles.ts';
import type { Presenter } from '../machines/rpc/presenter.ts';
import { createPresenter, handleOf } from '../machines/rpc/presenter.ts';
import { printRRef } from '../machines/rref/texts.ts';
import { ask, gradMode } from './ask.ts';
import type { CallOptions, Future, RRef } from './types.ts';

const rrefMethods: RRef<unknown> = Object.freeze({
  *confirmedByOwner() {
    return yield* ask<boolean>({ type: 'rref.confirmed-by-owner', rref: rrefOf(this) });
  },
  *drop() {
    yield* ask<undefined>({ type: 'rref.drop', rref: rrefOf(this) });
  },
  isOwner() {
    return rrefOf(this).isOwner;
  },
  *localValue() {
    return yield* ask<unknown>({ type: 'rref.local-value', rref: rrefOf(this) });
  },
  owner() {
    const { ownerId: id, ownerName: name } = rrefOf(this);
    return { id, name };
  },
  ownerName() {
    return rrefOf(this).ownerName;
  },
  *toHere({ timeout }: CallOptions = {}) {
    const rref = rrefOf(this);
    return yield* ask<unknown>({
      type: 'rref.to-here',
      gradMode: yield* gradMode(),
      rref,
      timeout,
    });
  },
  toString() {
    const { forkId, rrefId } = rrefOf(this);
    return printRRef(rrefId, forkId);
  },
});

const futureMethods: Future<unknown> = Object.freeze({
  *wait() {
    return yield* ask<unknown>({ type: 'future.wait', future: futureOf(this) });
  },
});

/** Dresses the handles of remote references and of futures. */
export const presenter: Presenter = createPresenter({ future: futureMethods, rref: rrefMethods });

function rrefOf(dressed: object): RRefHandle {
  return handleOf(dressed, isRRefHandle);
}

function futureOf(dressed: object): FutureHandle {
  return handleOf(dressed, isFutureHandle);
}
