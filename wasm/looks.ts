/** What is asked of each world, answered by what it reads; see `src/explore/interned/questions/decision.ts`. */
import {
  isAnswered,
  lookCount,
  lookFirst,
  lookKind,
  lookoutCount,
  lookoutSlot,
  lookoutValues,
  lookoutWords,
  lookQuestions,
  looks,
  mustBeNoted,
  mustHold,
  mustHoldAtRest,
  questionLookoutCount,
  questionLookouts,
  questionTree,
} from '../src/explore/native/fields';
import { at, head, seen } from './memory';
import { cells } from './state';

const unknown: i32 = -1;
const busy: i32 = 2;

/** Whether there is nothing to say of the world in hand. */
export function isDull(urgency: i32): bool {
  const all = <usize>head(looks);
  const count = head(lookCount);
  for (let index = 0; index < count; index += 1) {
    if (!isFine(<usize>at(all, index), urgency)) return false;
  }
  return true;
}

function isFine(look: usize, urgency: i32): bool {
  const kind = seen(look, lookKind);
  if (kind == isAnswered) return true;
  if (kind == mustBeNoted) return urgency >= busy;
  if (kind == mustHoldAtRest && urgency >= busy) return true;
  const wanted = kind == mustHold || kind == mustHoldAtRest ? 1 : 0;
  const count = at(look, lookQuestions);
  let holds: i32 = 1;
  for (let index = 0; index < count && holds == 1; index += 1) {
    holds = answerTo(<usize>at(look, lookFirst + index));
  }
  return holds == wanted;
}

/** Whether it is so, as a number. */
function answerTo(question: usize): i32 {
  const tree = <usize>seen(question, questionTree);
  let branch = seen(tree, 0);
  while (branch > 0) {
    const value = valueAt(question, at(tree, branch));
    branch = value < at(tree, branch + 1) ? seen(tree, branch + 2 + value) : 0;
  }
  return branch == 0 ? unknown : -1 - branch;
}

/** The value of a lookout; 0 if there is none yet. */
function valueAt(question: usize, number: i32): i32 {
  if (number >= seen(question, questionLookoutCount)) return 0;
  const lookouts = <usize>at(question, questionLookouts);
  const lookout = lookouts + ((<usize>(number * lookoutWords)) << 2);
  const slot = at(lookout, lookoutSlot);
  if (slot < 0) return at(lookout, lookoutValues);
  const cell = at(cells, slot);
  return cell < seen(lookout, lookoutCount) ? at(<usize>at(lookout, lookoutValues), cell) : 0;
}
