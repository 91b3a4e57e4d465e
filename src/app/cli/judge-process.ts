/** A process that judges programs: tasks come in as messages, replies go out. */
import type { ConformanceProgram } from '../../../actors/conformance/program.ts';
import { createJudge } from './conform/judge.ts';
import type { Judge, Seeds, Setting, Verdict } from './conform/judge.ts';
import { failureOf } from './failure.ts';

/** Some seeds of one program. */
export interface Task {
  /** Which of the programs it is. */
  readonly index: number;
  readonly program: ConformanceProgram;
  readonly setting: Setting;
  readonly seeds: Seeds;
}

/** What the process says. */
export type Reply =
  | { readonly type: 'ran' }
  | { readonly type: 'judged'; readonly verdict: Verdict }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

listen();

function listen(): void {
  // The judge of the program at hand: tasks of one program come one after the other.
  const current = new Map<number, Judge>();
  process.on('message', ({ index, program, seeds, setting }: Task) => {
    reply(() => {
      const judge = current.get(index) ?? createJudge(program, setting);
      current.clear();
      current.set(index, judge);
      const verdict = judge(seeds, () => send({ type: 'ran' }));
      return { type: 'judged', verdict };
    });
  });
}

function reply(make: () => Reply): void {
  try {
    send(make());
  } catch (thrown) {
    send({ type: 'failed', ...failureOf(thrown) });
  }
}

function send(message: Reply): void {
  process.send?.(message);
}
