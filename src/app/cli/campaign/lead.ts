/** Leads a campaign: hands out jobs, writes down what comes of them, and stops when it should. */
import { unreachable } from '../../../core/errors.ts';
import type { Agenda } from './agenda.ts';
import type { BatchReply, Mistaken } from './carrier.ts';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';
import type { Job } from './plan.ts';
import type { Standing } from './standing.ts';

/** What a campaign is led with. */
export interface Campaign {
  readonly agenda: Agenda;
  readonly engine: Engine;
  readonly journal: Journal;
  /** Told of each job that is done. */
  readonly onDone: (job: Job, reply: BatchReply) => void;
  readonly standing: Standing;
  /** Ends it at once: what is under way is not waited for. */
  readonly stop: AbortSignal;
  /** Whether no more jobs are handed out. */
  readonly isTime: () => boolean;
}

/** Leads it to its end. */
export async function lead(campaign: Campaign): Promise<void> {
  const { agenda, engine, isTime, stop } = campaign;
  const underway = new Set<Promise<void>>();
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  const begin = (job: Job): void => {
    const work = carryOut(campaign, job).finally(() => underway.delete(work));
    // Whoever awaits it is told of what goes wrong, also when that is later.
    work.catch(() => undefined);
    underway.add(work);
  };
  for (const job of await engine.outstanding()) {
    agenda.adopt(job);
    begin(job);
  }
  while (!stop.aborted) {
    while (!isTime() && underway.size < engine.window()) {
      const job = agenda.next();
      if (job === undefined) break;
      begin(job);
    }
    if (underway.size === 0) return;
    await Promise.race([...underway, stopped]);
  }
}

async function carryOut(campaign: Campaign, job: Job): Promise<void> {
  const { agenda, engine, stop } = campaign;
  const reply = await engine.run(job);
  if (stop.aborted) return;
  agenda.back(job);
  note(campaign, job, reply);
  await engine.settle(job);
}

function note(
  { journal, onDone, standing }: Campaign,
  job: Job,
  reply: BatchReply | Mistaken,
): void {
  switch (reply.type) {
    case 'mistaken': {
      const mistake = { code: reply.code, entry: entryOf(job), message: reply.message };
      standing.fail(mistake);
      journal.append({ mistake, type: 'mistake' });
      return;
    }
    case 'done': {
      const { findings, ms } = reply;
      const { count, from, stream } = job;
      const done = { end: from + count, findings, from, ms, stream };
      // Who counts twice counts wrong: what comes a second time is dropped.
      if (!standing.add(done)) return;
      journal.append({ done, type: 'done' });
      onDone(job, reply);
      return;
    }
    default:
      unreachable(reply);
  }
}

function entryOf({ stream }: Job): number {
  return Number(stream.split('.')[0]);
}
