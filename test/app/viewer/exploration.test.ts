import { array, assert, constantFrom, nat, property } from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { formatBookmark, parseBookmark } from '../../../src/app/viewer/model/bookmark.ts';
import { createCatalogue } from '../../../src/app/viewer/model/catalogue.ts';
import {
  bookmarkOf,
  allowing,
  openBookmark,
  openScenario,
  openTrace,
  traceOf,
} from '../../../src/app/viewer/model/opening.ts';
import {
  choose,
  courseOf,
  jump,
  redo,
  stepBack,
  stepOn,
  undo,
  visit,
} from '../../../src/app/walk/branches.ts';
import type { Exploration } from '../../../src/app/walk/branches.ts';
import {
  begin,
  choicesAt,
  endOf,
  follow,
  goOn,
  runOf,
  tapeOf,
  worldAt,
} from '../../../src/app/walk/course.ts';
import { runSystem } from '../../../src/index.ts';

const programs = readFileSync(
  new URL('../../../examples/conformance/programs.jsonl', import.meta.url),
  'utf8',
);
const catalogue = createCatalogue(programs);
const names = ['ping-pong', 'two-phase-commit', 'sharing-among-users', 'paxos', 'raft'];

test('opens a scenario in order, and by chance where it waits for inputs', () => {
  const pingPong = openScenario(catalogue, { name: 'ping-pong' });
  expect(runOf(courseOf(pingPong.exploration))).toMatchObject({ ended: 'quiescent', tape: [] });
  const commit = openScenario(catalogue, { name: 'two-phase-commit', stepsMax: 60 });
  expect(endOf(courseOf(commit.exploration))).toBeGreaterThan(3);
});

test('a run on the page is the run of the runtime, hash for hash', () => {
  for (const name of names) {
    const { exploration, stated } = openScenario(catalogue, { name, seed: 7, stepsMax: 60 });
    const course = courseOf(exploration);
    const hashes: string[] = [];
    const run = runSystem(stated, {
      onStep: (_, world) => hashes.push(stated.hash(world)),
      stepsMax: endOf(course),
      tape: tapeOf(course),
    });
    expect(course.worlds.map((world) => stated.hash(world)).slice(0, hashes.length)).toEqual(
      hashes,
    );
    expect(runOf(course).hash).toBe(run.hash);
  }
});

test('walks on and back, forks at another choice, and undo keeps both', () => {
  const { exploration } = openScenario(catalogue, { name: 'sharing-among-users' });
  const first = jump(exploration, 4);
  const before = courseOf(first);
  const other = choicesAt(before, 4).find(({ name }) => name !== before.steps[5]?.choice?.name);
  const fork = choose(first, other?.name ?? '', { stepsMax: 50 });
  expect(fork.branches).toHaveLength(2);
  expect(fork.here).toEqual({ at: 5, branch: 1 });
  expect(courseOf(fork).steps[5]?.choice).toMatchObject({ name: other?.name });
  expect(courseOf(fork).worlds.slice(0, 5)).toEqual(before.worlds.slice(0, 5));
  const back = undo(fork);
  expect(back.here).toEqual({ at: 4, branch: 0 });
  expect(courseOf(back)).toBe(before);
  expect(redo(back).here).toEqual(fork.here);
  expect(courseOf(visit(back, 1))).toBe(courseOf(fork));
});

test('taking the step that comes anyway is no fork', () => {
  const { exploration } = openScenario(catalogue, { name: 'ping-pong' });
  const next = courseOf(exploration).steps[1]?.choice?.name ?? '';
  const taken = choose(exploration, next);
  expect(taken.branches).toHaveLength(1);
  expect(taken.here.at).toBe(1);
  expect(() => choose(taken, 'nothing-of-that-name')).toThrow(/there is no choice/);
});

/** Numbers as moves: on, back, to another choice, undo, redo, to another branch. */
function walk(exploration: Exploration, moves: readonly number[]): Exploration {
  return moves.reduce((now, move) => {
    const choices = choicesAt(courseOf(now), now.here.at);
    const taken = choices[move % Math.max(1, choices.length)];
    const acts = [
      () => stepOn(now),
      () => stepBack(now),
      () => (taken === undefined ? now : choose(now, taken.name, { stepsMax: 5 })),
      () => undo(now),
      () => redo(now),
      () => visit(now, move % now.branches.length),
    ];
    return acts[move % acts.length]?.() ?? now;
  }, exploration);
}

test('wherever one walks, the address leads to the same world', () => {
  assert(
    property(constantFrom(...names), array(nat({ max: 60 }), { maxLength: 12 }), (name, moves) => {
      const opened = openScenario(catalogue, { name, stepsMax: 30 });
      const exploration = walk(opened.exploration, moves);
      const text = formatBookmark(bookmarkOf({ ...opened, exploration }));
      const bookmark = parseBookmark(`#${text}`);
      if (bookmark === undefined) throw new Error('it has no bookmark');
      const again = openBookmark(catalogue, bookmark);
      const hashAt = ({ here, ...rest }: Exploration) =>
        opened.stated.hash(worldAt(courseOf({ here, ...rest }), here.at));
      expect(again.exploration.here.at).toBe(exploration.here.at);
      expect(hashAt(again.exploration)).toBe(hashAt(exploration));
      expect(runOf(courseOf(again.exploration)).hash).toBe(runOf(courseOf(exploration)).hash);
    }),
    { numRuns: 15 },
  );
});

test('a fault that the system does not allow is allowed without a change to the run', () => {
  const opened = openScenario(catalogue, { name: 'sharing-by-owner' });
  const more = allowing(opened, ['drop', 'crash']);
  const at = 3;
  const course = courseOf(more.exploration);
  expect(course.steps.map(({ choice }) => choice?.name)).toEqual(
    courseOf(opened.exploration).steps.map(({ choice }) => choice?.name),
  );
  const drop = choicesAt(course, at).find(({ type }) => type === 'drop');
  const lost = choose(jump(more.exploration, at), drop?.name ?? '');
  expect(courseOf(lost).steps[at + 1]?.happened).toMatchObject([{ type: 'lost', why: 'dropped' }]);
  const again = openTrace(catalogue, traceOf({ ...more, exploration: lost }));
  expect(runOf(courseOf(again.exploration)).hash).toBe(runOf(courseOf(lost)).hash);
});

test('a course can be cut, followed and gone on with', () => {
  const { stated } = openScenario(catalogue, { name: 'ping-pong' });
  const whole = goOn(begin(stated));
  const part = follow(stated, { stepsMax: 2, tape: [] });
  expect(endOf(part)).toBe(2);
  expect(runOf(goOn(part)).hash).toBe(runOf(whole).hash);
});

test('what is no trace of a known system is refused in a sentence', () => {
  const trace = traceOf(openScenario(catalogue, { name: 'ping-pong' }));
  const other = trace.replace('"ping-pong"', '"<script>alert(1)</script>"');
  expect(() => openTrace(catalogue, 'no JSON')).toThrow(/This is not JSON/);
  expect(() => openTrace(catalogue, '{}')).toThrow(/no trace/);
  expect(() => openTrace(catalogue, other)).toThrow(/knows no scenario "<script>/);
  expect(() => openTrace(catalogue, trace.replace(/"steps": \d+/, '"steps": 99999999'))).toThrow(
    /are drawn/,
  );
  expect(() => openTrace(catalogue, trace.replace('"hits": 3', '"hits": "3"'))).toThrow(/number/);
});

test('an address that cannot be is refused in a sentence', () => {
  expect(parseBookmark('')).toBeUndefined();
  for (const text of ['scenario=raft&at=-1', 'scenario=raft&p.x={', 'scenario=raft&faults=x:1']) {
    expect(() => parseBookmark(text)).toThrow(/which it cannot be/);
  }
  expect(() => parseBookmark('scenario=raft&tape=x')).toThrow(/no departure/);
});
