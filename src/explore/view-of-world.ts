/** The view of a world of the plain kernel. */
import { entriesOf, getIn, keysOf } from '../core/persistent-map.ts';
import type { Rules } from '../kernel/rules.ts';
import type { World } from '../kernel/world.ts';
import { actorView } from '../runtime/view.ts';
import type { MessageView, View } from '../runtime/view.ts';

/** What a property sees of `world`; the rules say which monitor is which. */
export function viewOfWorld({ monitors }: Pick<Rules, 'monitors'>, world: World): View {
  return {
    actor: (address) => {
      const actor = getIn(world.actors, address);
      return actor === undefined ? undefined : actorView(actor.local);
    },
    addresses: () => keysOf(world.actors).toSorted(),
    messages: () => [...messagesIn(world)],
    monitor: (name) => world.monitors[monitors.findIndex((monitor) => monitor.name === name)],
  };
}

function* messagesIn({ links }: World): Generator<MessageView> {
  for (const [, { from, queue, to }] of entriesOf(links)) {
    for (const { content } of queue) {
      if (content.type === 'event') yield { event: content.event, from, to };
    }
  }
}
