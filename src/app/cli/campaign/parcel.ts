/** What travels through the queue: data that names what is to be run, never code. */
import { basename } from 'node:path';

import { isModulePath } from '../modules/user-module.ts';
import type { BatchReply, Mistaken } from './carrier.ts';
import type { Job } from './plan.ts';

/** The job as the queue has it: where a module lies is each machine's own affair. */
export function packed(job: Job): Job {
  return { ...job, entry: { ...job.entry, scenario: publicName(job.entry.scenario) } };
}

/** What a scenario is called everywhere: its name, or the name of the file of its module. */
export function publicName(scenario: string): string {
  return isModulePath(scenario) ? basename(scenario) : scenario;
}

/** The same job has the same name, so that it is in the queue once. */
export function jobName({ campaign, count, from, stream }: Job): string {
  return [campaign, stream, from, count].join('_');
}

/** Whether something from the queue is a job. */
export function isJob(value: unknown): value is Job {
  if (!isRecord(value)) return false;
  const { campaign, count, entry, from, manner, seed, stepsMax, stream } = value;
  return (
    [campaign, stream].every((text) => typeof text === 'string') &&
    [count, from, seed, stepsMax].every(Number.isSafeInteger) &&
    isRecord(manner) &&
    isRecord(entry) &&
    typeof entry['scenario'] === 'string' &&
    typeof entry['code'] === 'string' &&
    isRecord(entry['params']) &&
    Array.isArray(entry['properties'])
  );
}

/** Whether something from the queue is what comes of a job. */
export function isReply(value: unknown): value is BatchReply | Mistaken {
  if (!isRecord(value)) return false;
  if (value['type'] === 'mistaken') return typeof value['message'] === 'string';
  const { findings, ms, type } = value;
  return (
    type === 'done' &&
    typeof ms === 'number' &&
    isRecord(findings) &&
    Number.isSafeInteger(findings['schedules']) &&
    Array.isArray(findings['broken']) &&
    isRecord(findings['worlds'])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
