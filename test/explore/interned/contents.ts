import { digest, formatDigest } from '../../../src/core/digest.ts';
import { entriesOf, valuesOf } from '../../../src/core/persistent-map.ts';
import type { GlobalCell } from '../../../src/explore/interned/cells/cell.ts';
import type { Slot, Space } from '../../../src/explore/interned/space.ts';
import type { System, World } from '../../../src/index.ts';
import { timerText } from '../../../src/kernel/timers.ts';

/** What a world of the kernel holds, as lines that are the same for equal worlds. */
export function contentsOfWorld({ mechanics }: System, world: World): string {
  const { actors, aliases, budgets, durable, links, monitors, nodes, partition, plan } = world;
  const timers = [...entriesOf(world.timers)].map(([at, groups]) =>
    line('timers', at, ...groups.map((group) => group.map(timerText).join(' then ')).toSorted()),
  );
  return lines([
    ...[...entriesOf(actors)].map(([at, { local, logic, systemId }]) =>
      line('actor', at, logic, systemId, hashOf(local), JSON.stringify(local)),
    ),
    ...[...entriesOf(aliases)].map(([name, at]) => line('alias', name, at)),
    ...Object.entries(budgets).map(([name, left]) => line('budget', name, left)),
    ...[...entriesOf(durable)].map(([at, kept]) => line('durable', at, hashOf(kept))),
    ...[...valuesOf(links)].map(({ from, queue, to }) => {
      const all = queue.map(({ content, windows }) => `${hashOf(content)}@${windows.join('/')}`);
      const isOrdered = mechanics.kindOf(from, to) === 'fifo';
      return line('link', from, to, ...(isOrdered ? all : all.toSorted()));
    }),
    line('monitors', hashOf(monitors)),
    ...[...entriesOf(nodes)].map(([node, status]) => line('node', node, status)),
    line('partition', partition),
    line('plan', plan.length, plan[0]?.after),
    ...timers,
  ]);
}

/** What an interned world holds, in the same lines. */
export function contentsOfVector(space: Space, vector: Int32Array): string {
  const { plan } = space.mechanics.rules;
  const global = space.globals.all[vector[0] ?? 0] as GlobalCell;
  const { aliases, budgets, nodes, partition, planLeft, planned } = global;
  const left = plan.length - planned;
  return lines([
    ...space.slots.flatMap((slot) => (slot === undefined ? [] : cellLines(space, vector, slot))),
    ...Object.entries(aliases).map(([name, at]) => line('alias', name, at)),
    ...Object.entries(budgets).map(([name, count]) => line('budget', name, count)),
    line('monitors', hashOf(space.monitorStates.all[vector[1] ?? 0])),
    ...Object.entries(nodes).map(([node, status]) => line('node', node, status)),
    line('partition', partition),
    line('plan', left, left === 0 ? undefined : planLeft),
  ]);
}

function cellLines(space: Space, vector: Int32Array, slot: Slot): readonly string[] {
  const cell = slot.cells.all[vector[slot.index] ?? 0];
  if (cell === undefined) return [];
  const { address } = slot;
  const actor = cell.actor === 0 ? undefined : space.actors.all[cell.actor];
  const parcels = cell.mail.flatMap((number) => space.parcels.parcels.all[number] ?? []);
  const textOf = (number: number): string => {
    const timer = space.parcels.timers.all[number];
    return timer === undefined ? '' : timerText(timer);
  };
  const timers = cell.timers.map((group) => group.map(textOf).join(' then '));
  return [
    ...(actor === undefined
      ? []
      : [
          line(
            'actor',
            address,
            actor.logic,
            actor.systemId,
            hashOf(actor.local),
            JSON.stringify(actor.local),
          ),
        ]),
    ...(cell.durable === undefined ? [] : [line('durable', address, hashOf(cell.durable))]),
    ...[...new Set(parcels.map(({ from }) => from))].map((from) => {
      const here = parcels.filter((parcel) => parcel.from === from);
      const all = here.map(({ content, windows }) => `${hashOf(content)}@${windows.join('/')}`);
      const isOrdered = here.every(({ kind }) => kind === 'fifo');
      return line('link', from, address, ...(isOrdered ? all : all.toSorted()));
    }),
    ...(timers.length === 0 ? [] : [line('timers', address, ...timers.toSorted())]),
  ];
}

function hashOf(value: unknown): string {
  return formatDigest(digest(value));
}

function line(...parts: readonly (number | string | undefined)[]): string {
  return parts.map((part) => part ?? '').join(' | ');
}

function lines(all: readonly string[]): string {
  return all.toSorted().join('\n');
}
