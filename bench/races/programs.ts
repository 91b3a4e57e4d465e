/**
 * Small programs with a bug that only some schedules show, as in SCTBench.
 *
 * @see Thomson, Donaldson and Betts, "Concurrency Testing Using Controlled Schedulers", 2016, table 1;
 * Wolff et al., "Greybox Fuzzing for Concurrency Testing", ASPLOS 2024, table 2.
 */
import { deadlockFree, never } from '../../src/index.ts';
import type { Property, SystemDefinition, View } from '../../src/index.ts';
import { cell, lock, thread } from './threads.ts';
import type { Instruction, Registers } from './threads.ts';

/** A program, and what must not happen in it. */
export interface Race {
  readonly definition: SystemDefinition;
  readonly name: string;
  readonly properties: readonly Property[];
}

/** All that are ported. */
export function races(): readonly Race[] {
  return [
    ...[3, 5, 10, 20].map(reorder),
    twostage(20),
    stringBuffer(),
    bluetooth(),
    account(),
    tokenRing(),
    deadlock(),
  ];
}

function raceOf(name: string, actors: SystemDefinition['actors']): Race {
  return {
    definition: { actors, name, time: 'untimed' },
    name,
    properties: [never('an assertion fails', isFailed), deadlockFree(isThrough)],
  };
}

function isThrough(view: View): boolean {
  return view.addresses().every((address) => view.actor(address)?.value !== 'accessing');
}

function isFailed(view: View): boolean {
  return view.addresses().some((address) => view.actor(address)?.context['failed'] === true);
}

const read = (name: string, into = name): Instruction => ({ cell: name, do: 'read', into });
const write = (name: string, value: (read: Registers) => number): Instruction => ({
  cell: name,
  do: 'write',
  value,
});
const locking = (name: string): Instruction => ({ do: 'lock', lock: name });
const unlocking = (name: string): Instruction => ({ do: 'unlock', lock: name });
const jump = (to: (read: Registers) => number | undefined): Instruction => ({ do: 'jump', to });
const assertThat = (holds: (read: Registers) => boolean): Instruction => ({ do: 'assert', holds });
const end = 1_000;

/** All but one of the threads set a, then b; the last looks whether both or neither is set. */
function reorder(threads: number): Race {
  const setter = [write('a', () => 1), write('b', () => -1)];
  const checker = [
    read('a'),
    read('b'),
    assertThat(({ a, b }) => (a === 0 && b === 0) || (a === 1 && b === -1)),
  ];
  return raceOf(`reorder_${threads}`, [
    cell('a'),
    cell('b'),
    ...Array.from({ length: threads - 1 }, (_, index) => thread(`set${index}`, setter)),
    thread('check', checker),
  ]);
}

/** All but one of the threads write two values under two locks; the last reads between. */
function twostage(threads: number): Race {
  const writer = [
    locking('m1'),
    write('one', () => 1),
    unlocking('m1'),
    locking('m2'),
    read('one'),
    write('two', ({ one = 0 }) => one + 1),
    unlocking('m2'),
  ];
  const reader = [
    locking('m1'),
    read('one'),
    unlocking('m1'),
    jump(({ one }) => (one === 0 ? end : undefined)),
    locking('m2'),
    read('two'),
    unlocking('m2'),
    assertThat(({ one = 0, two }) => two === one + 1),
  ];
  return raceOf(`twostage_${threads}`, [
    ...['m1', 'm2'].map(lock),
    ...['one', 'two'].map((name) => cell(name)),
    ...Array.from({ length: threads - 1 }, (_, index) => thread(`write${index}`, writer)),
    thread('read', reader),
  ]);
}

/** One appends a buffer to its own, asking first for the length, then for that many characters. */
function stringBuffer(): Race {
  const appender = [
    locking('own'),
    locking('other'),
    read('count', 'length'),
    unlocking('other'),
    locking('other'),
    read('count'),
    assertThat(({ count = 0, length = 0 }) => length <= count),
    unlocking('other'),
    unlocking('own'),
  ];
  const eraser = [locking('other'), write('count', () => 0), unlocking('other')];
  return raceOf('stringbuffer', [
    ...['own', 'other'].map(lock),
    cell('count', 5),
    thread('append', appender),
    thread('erase', eraser),
  ]);
}

/** A request counts itself in after it has asked whether the driver stops. */
function bluetooth(): Race {
  const request = [
    read('stopping'),
    jump(({ stopping }) => (stopping === 1 ? end : undefined)),
    read('pending'),
    write('pending', ({ pending = 0 }) => pending + 1),
    read('stopped'),
    assertThat(({ stopped }) => stopped === 0),
    read('pending'),
    write('pending', ({ pending = 0 }) => pending - 1),
  ];
  const stop = [
    write('stopping', () => 1),
    read('pending'),
    write('pending', ({ pending = 0 }) => pending - 1),
    jump(({ pending }) => (pending === 1 ? undefined : end)),
    write('stopped', () => 1),
  ];
  return raceOf('bluetooth', [
    ...['stopping', 'stopped'].map((name) => cell(name)),
    cell('pending', 1),
    thread('request', request),
    thread('stop', stop),
  ]);
}

/** Who checks takes a balance before both payments for one after them. */
function account(): Race {
  const check = [
    locking('m'),
    read('deposited'),
    read('withdrawn'),
    read('balance'),
    unlocking('m'),
    jump(({ deposited, withdrawn }) => (deposited === 1 && withdrawn === 1 ? undefined : end)),
    // As in the original: the deposit is taken off.
    assertThat(({ balance }) => balance === 10 - 4 - 2),
  ];
  return raceOf('account', [
    lock('m'),
    cell('balance', 10),
    ...['deposited', 'withdrawn'].map((name) => cell(name)),
    thread('deposit', pay(4, 'deposited')),
    thread('withdraw', pay(-2, 'withdrawn')),
    thread('check', check),
  ]);
}

/** Four threads pass a value on, each once and in no order; it is expected to be everywhere. */
function tokenRing(): Race {
  return raceOf('token_ring', [
    ...['x1', 'x2', 'x3', 'x4'].map((name) => cell(name)),
    thread('t1', pass('x4', 'x1', 1)),
    thread('t2', pass('x1', 'x2', 0)),
    thread('t3', pass('x2', 'x3', 0)),
    thread('t4', [
      ...pass('x3', 'x4', 0),
      assertThat(({ x1, x2, x3, x4 }) => x1 === x2 && x2 === x3 && x3 === x4),
    ]),
  ]);
}

/** Two threads take two locks in opposite orders. */
function deadlock(): Race {
  return raceOf('deadlock01', [
    ...['a', 'b'].map(lock),
    thread('t1', both('a', 'b')),
    thread('t2', both('b', 'a')),
  ]);
}

function pay(amount: number, done: string): readonly Instruction[] {
  return [
    locking('m'),
    read('balance'),
    write('balance', ({ balance = 0 }) => balance + amount),
    write(done, () => 1),
    unlocking('m'),
  ];
}

function pass(from: string, to: string, add: number): readonly Instruction[] {
  return [
    read(from, 'token'),
    write(to, ({ token = 0 }) => (token + add) % 4),
    ...['x1', 'x2', 'x3', 'x4'].map((name) => read(name)),
  ];
}

function both(one: string, other: string): readonly Instruction[] {
  return [locking(one), locking(other), unlocking(other), unlocking(one)];
}
