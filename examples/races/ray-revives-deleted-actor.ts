import { rayActorTable } from '../systems/ray-actor-table.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'ray-revives-deleted-actor',
  title: 'an actor is deleted before its creation ends, which makes it alive',
  of: 'Ray',
  component: 'actors',
  isLive: false,
  when: 'fixed by #9329',
  variant: 'a creation that ends makes the actor alive, even if it was deleted before',
  links: [
    'https://github.com/ray-project/ray/pull/9302',
    'https://github.com/ray-project/ray/pull/9329',
  ],
  happens:
    'The driver registers an actor and drops its handle while a worker still starts it. The ' +
    'control service deletes the actor from its table. Then the worker says that it has ' +
    'started the actor, which is alive again, and nobody will ever stop it: the shape of ' +
    '`delete-overtakes-create`.',
  fix: 'When a creation ends, look whether the actor was deleted meanwhile, and stop it.',
  property: 'a deleted actor never comes back',
  system: (isOn) => rayActorTable(isOn ? { bug: 'revives-the-deleted' } : {}),
  meanings: {
    'actor.wanted': 'the program wants an actor',
    'handle.dropped': 'the program drops its handle',
    'actor.registered': 'the driver registers the actor',
    'actor.out-of-scope': 'the driver says that its handle is gone',
    'start.requested': 'the control service has the worker start the actor',
    'actor.started': 'the worker says that the actor runs',
    'stop.requested': 'the control service has the worker stop the actor',
  },
};
