/** A property that asks for more than there is. */
import { always, defineSystem } from '../../../src/index.ts';
import { ping } from '../../explore/check/pinging.ts';

export const system = defineSystem({
  ...ping(),
  properties: [
    always('asks too much', (view) => Reflect.ownKeys(view.actor('c') as object).length > 0),
  ],
});
