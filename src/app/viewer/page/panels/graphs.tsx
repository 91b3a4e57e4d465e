/** Remote references and the autograd graph at this step. */
import { autogradGraph } from '../../../../../actors/views/autograd-graph.ts';
import type { PassView } from '../../../../../actors/views/autograd-graph.ts';
import { rrefGraph } from '../../../../../actors/views/rref-graph.ts';
import { worldAt } from '../../../walk/course.ts';
import { GraphView } from '../graph/graph-view.tsx';
import type { Shown } from '../store.ts';

/** Owners, users and forks. */
export function ReferencesPanel({ shown: { at, course } }: { readonly shown: Shown }) {
  const graph = rrefGraph(worldAt(course, at));
  return (
    <div class="panel">
      <h2>Remote references</h2>
      {graph.nodes.length === 0 ? (
        <p class="quiet">No worker holds a remote reference at this step.</p>
      ) : (
        <GraphView graph={graph} direction="TB" title="Owners, users and forks" />
      )}
      <p class="legend">
        <span class="swatch owner" /> owner <span class="swatch user" /> user{' '}
        <span class="swatch user-pending" /> not confirmed <span class="swatch fork-absent" />{' '}
        listed, held by nobody
      </p>
    </div>
  );
}

/** Nodes and edges across workers, and how far each pass is. */
export function AutogradPanel({ shown: { at, course } }: { readonly shown: Shown }) {
  const { edges, nodes, passes } = autogradGraph(worldAt(course, at));
  return (
    <div class="panel">
      <h2>Autograd</h2>
      {nodes.length === 0 ? (
        <p class="quiet">No worker has an autograd context with messages at this step.</p>
      ) : (
        <GraphView graph={{ edges, nodes }} direction="TB" title="Autograd graph across workers" />
      )}
      {passes.map((pass) => (
        <Pass key={`${pass.worker} ${pass.id}`} pass={pass} />
      ))}
    </div>
  );
}

function Pass({
  pass: { accumulated, ready, state, waitsFor, worker },
}: {
  readonly pass: PassView;
}) {
  return (
    <article class="thread">
      <h3>
        backward on {worker}: {state}
      </h3>
      {ready.map((queue, index) => (
        <p key={index}>
          ready queue {index}:{' '}
          {queue.length === 0 ? <span class="faint">empty</span> : <code>{queue.join(', ')}</code>}
        </p>
      ))}
      {waitsFor.length > 0 && (
        <p>
          dependencies:{' '}
          <code>{waitsFor.map(({ count, node }) => `${node}: ${count}`).join(', ')}</code>
        </p>
      )}
      {accumulated.length > 0 && (
        <p>
          accumulated: <code>{accumulated.join(', ')}</code>
        </p>
      )}
    </article>
  );
}
