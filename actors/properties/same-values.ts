import type { MainOutcome } from '../../machines/rpc/context.ts';
import { always, isSame } from '../../src/index.ts';
import type { Invariant } from './invariant.ts';
import { endsUndisturbed } from './undisturbed.ts';
import { everyWorker } from './workers.ts';

/** P10. */
export const sameValues: Invariant = {
  name: 'P10',
  about:
    'a main function returns what it returns where nothing goes wrong and messages arrive in order, or ' +
    'ends with an error; for programs whose result is not meant to depend on the order',
  of: ({ addresses, undisturbed }) => {
    const ends = endsUndisturbed(undisturbed);
    return always(
      'P10',
      everyWorker(
        addresses,
        ({ main, name }) =>
          main.type !== 'returned' || agrees(main, ends().find((end) => end.name === name)?.main),
      ),
    );
  },
};

/** Where the undisturbed run gives no value there is none to compare with. */
function agrees(main: MainOutcome & { readonly type: 'returned' }, end?: MainOutcome): boolean {
  return end?.type !== 'returned' || isSame(main.value, end.value);
}
