import { indexer, lastZero, readers } from '../examples/shared-memory/programs.ts';
import { senders } from '../examples/shared-memory/senders.ts';
import { defineSystem, reduce } from '../src/index.ts';
import type { SystemDefinition } from '../src/index.ts';
import type { Section } from './section.ts';

interface Case {
  readonly program: SystemDefinition;
  /** What Concuerror explores, and how many of its runs with source sets are blocked. */
  readonly published: number;
  readonly publishedBlocked: number;
}

/** The runs that a reduction looks at, beside those of Concuerror. */
export function interleavings(): Section {
  return {
    title: 'Interleavings',
    method:
      'Partial-order reduction of small programs over shared cells, one access a message and its answer, ' +
      'and of senders. Blocked runs are those given up because all that could follow was looked at ' +
      'before; the optimal reduction has none. Concuerror was run on the same programs.',
    header: ['program', 'optimal', 'Concuerror', 'source', 'blocked', 'its blocked', 'all orders'],
    rows: cases().map(({ program, published, publishedBlocked }) => {
      const system = defineSystem(program);
      const optimal = reduce(system, { method: 'optimal' });
      const source = reduce(system, { method: 'source' });
      return [
        program.name,
        `${optimal.interleavings}${optimal.blocked === 0 ? '' : ` (${optimal.blocked} blocked)`}`,
        `${published}`,
        `${source.interleavings}`,
        `${source.blocked}`,
        `${publishedBlocked}`,
        optimal.all === undefined ? 'not counted' : `${optimal.all}`,
      ];
    }),
  };
}

function cases(): readonly Case[] {
  return [
    plain(readers(2), 4),
    plain(readers(6), 64),
    plain(readers(8), 256),
    { program: lastZero(5), published: 64, publishedBlocked: 33 },
    { program: lastZero(10), published: 3328, publishedBlocked: 16_867 },
    plain(indexer(12), 8),
    plain(indexer(15), 4096),
    ...[24, 120, 720, 5040].map((published, index) =>
      plain(senders({ senders: index + 4, to: 'one receiver' }), published),
    ),
    plain(senders({ senders: 7, to: 'each its own receiver' }), 1),
  ];
}

function plain(program: SystemDefinition, published: number): Case {
  return { program, published, publishedBlocked: 0 };
}
