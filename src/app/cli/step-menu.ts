/** A walk along a run, without the terminal: what one may do at a place, and what one then sees. */
import { unreachable } from '../../core/errors.ts';
import { getIn, keysOf } from '../../core/persistent-map.ts';
import type { Choice } from '../../kernel/choice.ts';
import { describeChoice, isExternal } from '../../kernel/choice.ts';
import type { Run } from '../../kernel/run.ts';
import type { System } from '../../runtime/system.ts';
import type { Variant } from '../../runtime/variant.ts';
import { outOfTurn } from '../../trace/out-of-turn.ts';
import { storyOf } from '../../trace/story.ts';
import { brief, briefData, moment, typeOf } from '../../trace/words.ts';
import { choose, courseOf, jump, prolong, redo, stepBack, undo, visit } from '../walk/branches.ts';
import type { Exploration } from '../walk/branches.ts';
import { aroundOf, causesOf } from '../walk/causes.ts';
import { choicesAt, cutAfter, endOf, isAtRest, runOf, worldAt } from '../walk/course.ts';
import type { Course } from '../walk/course.ts';
import { standingOf } from '../walk/standing.ts';
import type { Params, Scenario } from './scenario.ts';
import type { Session } from './session.ts';

/** Where one stands, and in what. */
export interface Walk {
  readonly exploration: Exploration;
  readonly params: Params;
  readonly scenario: Scenario;
  readonly system: System;
  readonly variant: Variant;
}

/** What one may do. */
export type Move =
  | { readonly type: 'take'; readonly choice: string }
  | { readonly type: 'branch'; readonly branch: number }
  | { readonly type: 'actors' | 'back' | 'end' | 'quit' | 'redo' | 'start' | 'undo' | 'why' };

/** A line of the menu. */
export interface Item {
  readonly hint?: string;
  readonly label: string;
  readonly move: Move;
}

/** What one may do here: what could happen, dullest first, then the moves of time travel. */
export function menuOf({ exploration, scenario }: Walk): readonly Item[] {
  const { branches, future, here, past } = exploration;
  const course = courseOf(exploration);
  const dull = course.system.dullest(worldAt(course, here.at))?.name;
  const next = course.steps[here.at + 1]?.choice?.name;
  const choices = choicesAt(course, here.at).map((choice): Item => ({
    hint: [
      ...(choice.name === next ? ['comes next here'] : []),
      ...(choice.name === dull ? ['in order'] : []),
      ...(isExternal(choice) && choice.type !== 'input' ? ['a fault'] : []),
    ].join(', '),
    label: choiceWords(choice, scenario),
    move: { choice: choice.name, type: 'take' },
  }));
  const others = branches.flatMap(({ from }, branch): readonly Item[] => {
    if (branch === here.branch) return [];
    const label = from === undefined ? 'the first run' : `the run that forked by: ${from.by}`;
    return [{ label: `go to ${label}`, move: { branch, type: 'branch' } }];
  });
  return [
    ...choices,
    ...(isAtRest(course) && here.at === endOf(course)
      ? []
      : [item('end', 'go on in order, to the end')]),
    ...(here.at > 0 ? [item('back', 'one step back'), item('start', 'back to the start')] : []),
    ...(here.at > 0 ? [item('why', 'why did this step happen?')] : []),
    item('actors', 'what are the actors like now?'),
    ...(past.length > 0 ? [item('undo', 'undo: back to where I was')] : []),
    ...(future.length > 0 ? [item('redo', 'redo')] : []),
    ...others,
    item('quit', 'end the walk'),
  ];
}

function item(type: Exclude<Move['type'], 'branch' | 'take'>, label: string): Item {
  return { label, move: { type } };
}

function choiceWords(choice: Choice, { label = typeOf }: Scenario): string {
  if (!('event' in choice)) return describeChoice(choice);
  const data = briefData(choice.event, dataWidth);
  const at = 'to' in choice ? `${choice.from} -> ${choice.to}` : `at ${choice.actor}`;
  const later = 'after' in choice && choice.after > 0 ? ` after ${moment(choice.after)}` : '';
  return `${choice.type} ${label(choice.event)} ${at}${later}  ${data}`.trimEnd();
}

const dataWidth = 40;

/** Where a move leads, and what there is to say about it. */
export interface AfterMove {
  readonly lines: readonly string[];
  readonly walk: Walk;
}

/** Makes a move. */
export function afterMove(walk: Walk, move: Move, session: Session): AfterMove {
  const { exploration } = walk;
  const go = (to: Exploration): AfterMove => {
    const moved = { ...walk, exploration: to };
    return { lines: placeWords(moved, session), walk: moved };
  };
  switch (move.type) {
    case 'take':
      return go(choose(exploration, move.choice));
    case 'branch':
      return go(visit(exploration, move.branch));
    case 'back':
      return go(stepBack(exploration));
    case 'start':
      return go(jump(exploration, 0));
    case 'end': {
      const longer = prolong(exploration);
      return go(jump(longer, endOf(courseOf(longer))));
    }
    case 'undo':
      return go(undo(exploration));
    case 'redo':
      return go(redo(exploration));
    case 'why':
      return { lines: whyWords(walk, session), walk };
    case 'actors':
      return { lines: actorWords(walk, session), walk };
    case 'quit':
      return { lines: [], walk };
    default:
      return unreachable(move);
  }
}

/** The run from the start to where one stands. */
export function runHere({ exploration }: Walk): Run {
  return runOf(cutAfter(courseOf(exploration), exploration.here.at));
}

/** What the step that led here did, and whether anything is left to do. */
export function placeWords(
  { exploration, scenario }: Walk,
  { colors, width }: Session,
): readonly string[] {
  const course = courseOf(exploration);
  const { at } = exploration.here;
  const step = course.steps[at];
  if (step === undefined) return [];
  const look = scenario.label === undefined ? { width } : { label: scenario.label, width };
  const [head = '', ...details] = storyOf(step, look);
  const isEnd = at === endOf(course) && isAtRest(course);
  return [
    colors.bold(head),
    ...details.map((line) => colors.dim(line)),
    ...(isEnd ? ['        nothing is left to do in order'] : []),
    ...brokenHere(course, at).map((name) => colors.red(`        "${name}" is broken from here on`)),
  ];
}

function brokenHere(course: Course, at: number): readonly string[] {
  const sofar = cutAfter(course, at);
  return (course.system.definition.properties ?? [])
    .map((property) => standingOf(property, sofar))
    .filter(({ step, verdict }) => verdict === 'broken' && step === at)
    .map(({ name }) => name);
}

/** The steps that this one comes of, oldest first, and what it overtook. */
function whyWords({ exploration, scenario }: Walk, { colors, width }: Session): readonly string[] {
  const course = courseOf(exploration);
  const { at } = exploration.here;
  const { label = typeOf } = scenario;
  const { before } = aroundOf(causesOf(course.steps), at);
  const reason = outOfTurn(runOf(course), label).get(at);
  const lines = course.steps
    .filter(({ index }) => before.has(index))
    .flatMap((step) => storyOf(step, { label, width }).slice(0, 1));
  return [
    colors.bold('It comes of these steps; all others could have been left out or come later:'),
    ...lines,
    ...(reason === undefined ? [] : [`        ${reason}`]),
  ];
}

function actorWords({ exploration }: Walk, { colors, width }: Session): readonly string[] {
  const course = courseOf(exploration);
  const { at } = exploration.here;
  const world = worldAt(course, at);
  const before = at > 0 ? worldAt(course, at - 1) : undefined;
  return keysOf(world.actors)
    .toSorted()
    .map((address) => {
      const local = getIn(world.actors, address)?.local;
      const isNew = before !== undefined && getIn(before.actors, address)?.local !== local;
      const value = JSON.stringify(local?.['value'] ?? local?.status);
      const head = `${isNew ? '*' : ' '} ${address} ${value}`;
      const line = `${head}  ${brief(local?.['context'] ?? {}, Math.max(0, width - head.length - 2))}`;
      return isNew ? colors.bold(line) : line;
    });
}
