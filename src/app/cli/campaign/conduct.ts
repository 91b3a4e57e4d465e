/** Conducts a campaign from where it stands to its reports. */
import { join } from 'node:path';

import { createPool } from '../campaign-pool.ts';
import { writeText } from '../files.ts';
import type { Result, Session } from '../session.ts';
import { createAgenda } from './agenda.ts';
import { createCampaignMeter } from './campaign-meter.ts';
import { createCurve } from './curve.ts';
import type { Curve } from './curve.ts';
import { embedded } from './engine.ts';
import type { Engine } from './engine.ts';
import { htmlOf } from './html.ts';
import { keepJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import { junitOf } from './junit.ts';
import { lead } from './lead.ts';
import { sayCampaign } from './say-campaign.ts';
import type { Standing } from './standing.ts';
import { whenStopped } from './stopped.ts';
import { tellStories } from './stories.ts';
import { isBad, summaryOf, worldsOf } from './summary.ts';
import type { Summary } from './summary.ts';

/** How a campaign is conducted. */
export interface ConductOptions {
  /** What carries out the jobs; threads of this process unless given. */
  readonly engine?: Engine | undefined;
  /** Whether a scenario is left once something of it is broken. */
  readonly first: boolean;
  /** Where reports and traces go. */
  readonly folder: string;
  readonly forMs: number | undefined;
  /** How long a job takes, in milliseconds, where threads of this process carry it out. */
  readonly jobMs?: number | undefined;
  /** The file of the journal. */
  readonly journal: string;
  readonly threads: number;
}

/** Does what is left to do, and says what came of it. */
export async function conduct(
  session: Session,
  standing: Standing,
  options: ConductOptions,
): Promise<Result> {
  const { folder, threads } = options;
  const journal = keepJournal(options.journal, standing);
  const pool = createPool(threads);
  const engine = options.engine ?? embedded(pool, options);
  const stopping = whenStopped();
  const started = performance.now();
  const curve = createCurve();
  try {
    await goOn(session, standing, {
      ...options,
      curve,
      engine,
      journal,
      started,
      stop: stopping.signal,
    });
    const failures = await tellStories(standing, pool, {
      folder: join(folder, 'traces'),
      stop: stopping.signal,
    });
    curve.add({ schedules: standing.schedules(), worlds: worldsOf(standing) });
    const elapsedMs = Math.round(performance.now() - started);
    const summary = summaryOf(standing, { curve: curve.points(), elapsedMs, failures });
    const files = writeReports(folder, summary);
    sayCampaign(session, { files, isStopped: stopping.signal.aborted, summary });
    return { code: codeOf(summary, stopping.signal), report: { ...summary, files } };
  } finally {
    stopping.forget();
    journal.close();
    await Promise.all([engine.close(), pool.close()]);
  }
}

interface Course extends Pick<ConductOptions, 'first' | 'forMs'> {
  readonly curve: Curve;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly started: number;
  readonly stop: AbortSignal;
}

async function goOn(
  { io }: Session,
  standing: Standing,
  { curve, engine, first, forMs = Number.POSITIVE_INFINITY, journal, started, stop }: Course,
): Promise<void> {
  const meter = createCampaignMeter(io, standing, curve);
  const isOver = isOverIn(standing, first);
  const agenda = createAgenda(standing, {
    isOver: (stream) => isOver(stream.entryIndex),
    jobMs: engine.jobMs,
  });
  try {
    await lead({
      agenda,
      engine,
      isTime: () => performance.now() - started >= forMs,
      journal,
      onDone: (job, { findings }) => meter.show(job, findings),
      standing,
      stop,
    });
  } finally {
    meter.done();
  }
}

/** Whether nothing more is to be done of an entry. */
function isOverIn(
  { mistakes, stateOf, streams }: Standing,
  first: boolean,
): (entry: number) => boolean {
  return (entry) => {
    if (mistakes().some((mistake) => mistake.entry === entry)) return true;
    return (
      first &&
      streams.some(
        ({ entryIndex, key }) => entryIndex === entry && stateOf(key).findings.broken.length > 0,
      )
    );
  };
}

function writeReports(folder: string, summary: Summary): Readonly<Record<string, string>> {
  const files = {
    html: join(folder, 'report.html'),
    json: join(folder, 'summary.json'),
    junit: join(folder, 'junit.xml'),
  };
  writeText(files.html, htmlOf(summary));
  writeText(files.json, `${JSON.stringify(summary, undefined, 2)}\n`);
  writeText(files.junit, junitOf(summary));
  return files;
}

/** What is broken counts most, then what could not be looked at, then what was left. */
function codeOf({ scenarios }: Summary, stop: AbortSignal): Result['code'] {
  const isBroken = scenarios.some(({ properties }) => properties.some(isBad));
  if (isBroken) return 1;
  if (scenarios.some(({ mistake }) => mistake !== undefined)) return 2;
  return stop.aborted ? 130 : 0;
}
