/** How the leader of several threads halts them, lets them go on, and gives them room. */
import type { HelperWords } from './control.ts';
import { rouse, status, word } from './control.ts';
import type { Answer, Order, Shape } from './crew.ts';
import type { Lead } from './leader.ts';
import { fill, isOutgrown, refilled, roomIn, shapeFor } from './memory.ts';
import type { Patience } from './patience.ts';
import { createPatience, helperFailed } from './patience.ts';
import { chunkSize } from './shared-frontier.ts';
import type { SharedVisited } from './shared-visited.ts';

/** The helpers in the leader's hand. */
export interface Hands {
  readonly areHalted: () => boolean;
  /** Ends it; the origins of what they found if these are wanted. */
  readonly dismiss: (isOriginWanted: boolean) => readonly (readonly Int32Array[])[];
  /** Lets them go on, with room for more. */
  readonly goOn: () => void;
  /** Halts them. */
  readonly halt: () => void;
  /** The sum of one of their counts: 0 for worlds, 1 for transitions. */
  readonly helped: (count: 0 | 1) => number;
  readonly patience: Patience;
  readonly nextLevel: () => void;
  /** Makes room for whatever is known now. All must be halted. */
  readonly reshape: () => void;
  readonly shape: () => Shape;
  /** The worlds of all threads. */
  readonly states: () => number;
  readonly waiting: () => number;
}

/** Hands that hold what one thread has begun. */
export function createHands(begun: Lead, visitedOf: () => SharedVisited): Hands {
  const { team, walker } = begun;
  const { control, crew, helpers } = team;
  const parties = helpers.length + 1;
  const patience = createPatience(team);
  let shape = handedOver(begun, parties);
  const send = (order: Order): void => {
    for (const link of crew.links) link.send(order);
  };
  send({ shape, type: 'shape' });
  const helped = (count: 0 | 1): number =>
    helpers.reduce((sum, { counts }) => sum + (counts[count] ?? 0), 0);
  const states = (): number => visitedOf().size() + helped(0);
  const areHalted = (): boolean => areAllHalted(begun);
  const reshape = (): void => {
    shape = refilled(shape, { control, space: walker.space, worlds: states() });
    visitedOf().reshape(shape);
    send({ shape, type: 'shape' });
  };
  return {
    areHalted,
    dismiss: (isOriginWanted) => {
      Atomics.store(control, word.isOver, 1);
      rouse(control, word.epoch);
      if (!isOriginWanted) return [];
      return crew.links.map((link) => {
        const answers: Answer[] = [];
        patience.until(() => {
          const answer = link.receive();
          if (answer !== undefined) answers.push(answer);
          return answer !== undefined;
        });
        return originsIn(answers);
      });
    },
    goOn: () => {
      if (isOutgrown(shape, states())) reshape();
      control[word.room] = roomIn(shape, states(), parties);
      team.teach();
      visitedOf().renew();
      Atomics.store(control, word.halt, 0);
      // One that has failed stays so.
      for (const { status: at } of helpers) {
        Atomics.compareExchange(control, at, status.halted, status.running);
      }
      rouse(control, word.epoch);
    },
    halt: () => {
      Atomics.store(control, word.halt, 1);
      patience.until(areHalted);
    },
    helped,
    patience,
    nextLevel: () => {
      control[word.levelEnd] = control[word.nextEnd] ?? 0;
      control[word.nextEnd] = 0;
      control[word.claimed] = 0;
      control[word.level] = (control[word.level] ?? 0) + 1;
    },
    reshape,
    shape: () => shape,
    states,
    waiting: () => {
      const taken = (control[word.claimed] ?? 0) * chunkSize;
      return Math.max(0, (control[word.levelEnd] ?? 0) - taken) + (control[word.nextEnd] ?? 0);
    },
  };
}

function areAllHalted({ team: { control, crew, helpers } }: Lead): boolean {
  const isFailed = (one: HelperWords): boolean =>
    Atomics.load(control, one.status) === status.failed;
  const failed = helpers.findIndex(isFailed);
  if (failed < 0)
    return helpers.every((one) => Atomics.load(control, one.status) === status.halted);
  const link = crew.links[failed];
  const answer = link?.receive();
  throw helperFailed(answer?.type === 'failed' ? answer.message : 'it has ended');
}

/** The first shape, with all that one thread has found. */
function handedOver({ levelEnd, team, visited, walker }: Lead, parties: number): Shape {
  const { control, crew } = team;
  const shape = shapeFor(walker.space, { least: crew.capacity, worlds: visited.size() });
  const { known, waiting } = fill(shape);
  const places: [number, number] = [0, 0];
  visited.handOver({
    known,
    waiting: (layout, { at, source }, { asleep, number }) => {
      const side = number < levelEnd ? 0 : 1;
      const where = { at, layout, place: places[side], side, source };
      waiting(where, { asleep, number: number * parties });
      places[side] += 1;
    },
  });
  [control[word.levelEnd], control[word.nextEnd]] = places;
  return shape;
}

function originsIn([answer]: readonly Answer[]): readonly Int32Array[] {
  return answer?.type === 'done' ? answer.origins : [];
}
