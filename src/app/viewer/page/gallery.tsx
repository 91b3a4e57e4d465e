/** What there is to look at, on shelves. */
import { shelvesOf } from '../model/shelves.ts';
import type { Store } from './store.ts';

/** All shelves. */
export function Gallery({ store }: { readonly store: Store }) {
  return (
    <div class="gallery">
      <p class="intro">
        A clockwork model of distributed systems. Everything that could go either way is a choice:
        take another one, lose a message, crash a node, and see what becomes of it.
      </p>
      {shelvesOf(store.catalogue).map(({ exhibits, title, words }) => (
        <section key={title}>
          <h2>{title}</h2>
          <p class="faint">{words}</p>
          <ul>
            {exhibits.map(({ description, request, title: name }) => (
              <li key={name}>
                <button
                  type="button"
                  class="card"
                  onClick={() => {
                    store.openRequest(request);
                    store.dialog.value = undefined;
                  }}
                >
                  <b>{name}</b>
                  <span>{description}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
