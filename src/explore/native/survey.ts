/**
 * Goes through all worlds of a system breadth first, in shared memory: what is known of the system is
 * written there, and compiled code goes by it, in one thread or in several. What asks for more the leader
 * does by hand; that teaches it.
 */
import type { System } from '../../runtime/system.ts';
import { limitsOf } from '../exhaustive/limits.ts';
import type { Limit, Limiting } from '../exhaustive/limits.ts';
import type { Progress, SearchOptions, Survey } from '../exhaustive/survey.ts';
import type { Ground } from './core.ts';
import * as field from './fields.ts';
import { createMill, outOfMemory } from './mill.ts';
import type { Mill } from './mill.ts';

const strideDefault = 1 << 10;
const progressEvery = 1 << 16;
/** Some limits are asked only so often, which they know by these numbers. */
const askedEvery = 1 << 10;
const [dueNow, dueLater] = [1, 2];

/** Goes on until all worlds were looked at, something is broken, or a limit is reached. */
export function surveyNatively(system: System, options: SearchOptions, ground: Ground): Survey {
  const mill = createMill(system, options, ground);
  const { bytes, core, found, hands, origins, transitions, walker, watch } = mill;
  const limits = limitsOf(options, {
    bytes,
    size: () => {
      core.settle();
      return found();
    },
    sizeMost: () => found() + core.staged(),
  });
  let depth = 0;
  const progress = (): Progress => ({
    depth,
    states: found(),
    transitions: transitions(),
    waiting: found() - mill.expanded(),
  });
  const level = createLevel(mill, { limits, options, progress });
  let ended: Ended = 'through';
  try {
    while (ended === 'through' && mill.nextLevel()) {
      if (depth >= limits.depthMax) {
        ended = 'depth-max';
        break;
      }
      depth += 1;
      ended = level();
    }
    core.settle();
    hands.halt();
  } catch (error) {
    if (error !== outOfMemory) throw error;
    ended = 'bytes-max';
    hands.halt();
  } finally {
    hands.dismiss();
  }
  return {
    ...progress(),
    bytes: bytes(),
    limit: ended === 'through' || ended === 'broken' ? undefined : ended,
    options,
    origins,
    system,
    threads: hands.helped() + 1,
    walker,
    watch,
  };
}

type Ended = 'broken' | 'through' | Limit;

interface Leveling {
  readonly limits: Limiting;
  readonly options: SearchOptions;
  readonly progress: () => Progress;
}

/** Works until the level is through, or the search is over. */
function createLevel(mill: Mill, { limits, options, progress }: Leveling): () => Ended {
  const { core, hands } = mill;
  const { crew, onProgress } = options;
  const stride = crew?.stride ?? strideDefault;
  let [asked, told] = [0, 0];
  /** Does what helpers have given; whether something is broken, and whether there was anything. */
  const serve = (): 'broken' | boolean => {
    let isAny = false;
    for (let place = hands.take(); place >= 0; place = hands.take()) {
      isAny = true;
      if (mill.isBrokenAt(place)) return 'broken';
    }
    return isAny;
  };
  return () => {
    hands.goOn();
    for (;;) {
      crew?.turn();
      const seen = hands.signal();
      const isAlone = hands.areHalted();
      const served = serve();
      if (served === 'broken') return 'broken';
      if (hands.isHaltWanted()) {
        mill.makeRoom();
        continue;
      }
      const before = mill.expanded();
      const why = core.run(stride);
      if (why === field.ofGift && mill.isBrokenAt(core.givenPlace())) return 'broken';
      // Who has come meanwhile may as well begin.
      if (why === field.ofBudget) hands.goOn();
      if (why === field.ofRoom || core.isFull() !== 0) mill.makeRoom();
      const now = mill.expanded();
      const limit = limits.reached(now > asked ? dueNow : dueLater);
      if (now > asked) asked = now - (now % askedEvery) + askedEvery;
      if (limit !== undefined) return limit;
      if (now - told >= progressEvery) {
        onProgress?.(progress());
        told = now;
      }
      if (why !== field.ofLevel || served || now !== before) continue;
      if (isAlone) return 'through';
      hands.rest(seen);
    }
  };
}
