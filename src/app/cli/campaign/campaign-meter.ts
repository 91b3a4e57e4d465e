/** How far a campaign has come, on standard error. */
import type { Findings } from '../../../explore/campaign/findings.ts';
import { mannerName } from '../../../explore/campaign/manner.ts';
import type { Io } from '../terminal/io.ts';
import { createLineMeter } from '../terminal/line-meter.ts';
import { amount } from '../terminal/words.ts';
import type { Curve } from './curve.ts';
import { sparkline } from './curve.ts';
import type { Job } from './plan.ts';
import type { Standing } from './standing.ts';
import { worldsOf } from './summary.ts';

/** Shows progress. */
export interface CampaignMeter {
  readonly done: () => void;
  /** A job is done. */
  readonly show: (job: Job, findings: Findings) => void;
}

/** Estimates of worlds are made so often at most. */
const pointEveryMs = 200;

/** A meter that starts where the campaign stands; it draws the curve, too. */
export function createCampaignMeter(io: Io, standing: Standing, curve: Curve): CampaignMeter {
  const meter = createLineMeter(io);
  const before = standing.schedules();
  const said = new Set<string>();
  let at = 0;
  const point = (): void => {
    if (performance.now() - at < pointEveryMs) return;
    curve.add({ schedules: standing.schedules(), worlds: worldsOf(standing) });
    at = performance.now();
  };
  return {
    done: meter.done,
    show: ({ entry, manner, stream }, { broken }) => {
      point();
      for (const { property, witnesses } of broken) {
        const key = `${stream.split('.')[0]}\n${property}`;
        if (said.has(key)) continue;
        said.add(key);
        const [witness] = witnesses;
        meter.say(
          `✗ ${entry.scenario}: "${property}" is broken by schedule ${witness?.schedule} of ${mannerName(manner)}, ` +
            `in ${witness?.steps} steps`,
        );
      }
      meter.show((seconds) => {
        const schedules = standing.schedules();
        const rate = amount(Math.round((schedules - before) / seconds));
        const points = curve.points();
        const worlds = points.at(-1)?.worlds ?? 0;
        const failures = said.size === 0 ? 'nothing broken' : `${said.size} broken`;
        return (
          `${amount(schedules)} schedules, ${rate} a second, about ${amount(worlds)} worlds ` +
          `(${newWorlds(curve)}) ${sparkline(points)} ${failures}`
        );
      });
    },
  };
}

/** How many worlds the last tenth of the schedules has added. */
function newWorlds(curve: Curve): string {
  const points = curve.points();
  const last = points.at(-1) ?? { schedules: 0, worlds: 0 };
  const before = points.findLast(({ schedules }) => schedules <= last.schedules * 0.9);
  const [worlds, schedules] = [
    last.worlds - (before?.worlds ?? 0),
    last.schedules - (before?.schedules ?? 0),
  ];
  const share = schedules === 0 ? 0 : (Math.max(0, worlds) / schedules) * 1_000;
  return `${amount(Math.round(share))} new by the last 1,000`;
}
