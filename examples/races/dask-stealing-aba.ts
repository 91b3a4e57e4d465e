import { daskStealing } from '../systems/dask-stealing.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'dask-stealing-aba',
  title: 'a confirmation of an older theft is taken for that of the last',
  of: 'Dask',
  component: 'work stealing',
  isLive: false,
  when: 'fixed by #5379',
  variant: 'a confirmation is taken for that of the last request, whatever it confirms',
  links: [
    'https://github.com/dask/distributed/issues/5370',
    'https://github.com/dask/distributed/pull/5379',
  ],
  happens:
    'The scheduler asks a worker to give up a task, which is then released and given to ' +
    'another, whom the scheduler asks too. The answer of the first comes and is taken for ' +
    'that of the second: the scheduler believes the task to be where it is not, and nobody ' +
    'works at it.',
  fix:
    'Each request has an id, like an ETag; an answer without the id of the last one counts ' +
    'for nothing.',
  property: 'who is said to have the task has it',
  system: (isOn) => daskStealing(isOn ? { bug: 'takes-old-confirmations' } : {}),
  meanings: {
    'theft.wanted': 'the scheduler wants to move the task',
    'task.released': 'the task is released and given to the next worker',
    'task.begun': '{at} begins with the task',
    'task.given': 'the scheduler gives {to} the task',
    'task.freed': 'the scheduler takes the task from {to}',
    'steal.requested': 'the scheduler asks {to} to give the task up',
    'steal.answered': '{from} answers whether it has given the task up',
  },
};
