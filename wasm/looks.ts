/** What is asked of each world, answered by what it reads; see `src/explore/interned/decision.ts`. */
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
  mustHold,
  mustHoldAtRest,
  mustNotHold,
  questionAnswers,
  questionLookouts,
  questionTree,
} from '../src/explore/native/fields';
import { at, head } from './memory';
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
  const kind = at(look, lookKind);
  if (kind == isAnswered) return true;
  if (kind == mustHoldAtRest && urgency >= busy) return true;
  const wanted = kind == mustHold || kind == mustHoldAtRest ? 1 : 0;
  const count = at(look, lookQuestions);
  let holds: i32 = 1;
  for (let index = 0; index < count && holds == 1; index += 1) {
    holds = answerTo(<usize>at(look, lookFirst + index));
  }
  return holds == wanted;
}

function answerTo(question: usize): i32 {
  const tree = <usize>at(question, questionTree);
  const lookouts = <usize>at(question, questionLookouts);
  let branch = at(tree, 0);
  while (branch > 0) {
    const value = valueAt(lookouts + ((<usize>at(tree, branch) * lookoutWords) << 2));
    branch = value < at(tree, branch + 1) ? at(tree, branch + 2 + value) : 0;
  }
  if (branch == 0) return unknown;
  return (at(question, questionAnswers) >> (-1 - branch)) & 1;
}

/** The value of a lookout; 0 if there is none yet. */
function valueAt(lookout: usize): i32 {
  const slot = at(lookout, lookoutSlot);
  const values = <usize>at(lookout, lookoutValues);
  if (slot < 0) return <i32>values;
  const cell = at(cells, slot);
  return cell < at(lookout, lookoutCount) ? at(values, cell) : 0;
}
