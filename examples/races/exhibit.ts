/** A real bug behind a switch, in the smallest system in which a property that does not know it finds it. */
import type { SystemDefinition } from '../../src/index.ts';

/** What the museum shows of one bug. No exhibit names a schedule or says what happens: a search finds it. */
export interface Exhibit {
  /** In kebab-case; the name of its file, and `races/<id>` is the name of its scenario. */
  readonly id: string;
  /** What goes wrong, in one line. */
  readonly title: string;
  /** The system that has or had it. */
  readonly of: string;
  /** The part of that system. */
  readonly component: string;
  /** 1 for what shows most, as the catalogue of PyTorch's races has it; absent for other systems. */
  readonly tier?: 1 | 2 | 3;
  /** Whether the newest version that was looked at still behaves so. */
  readonly isLive: boolean;
  /** Where it is live, or when it was fixed: `PyTorch 2.6`, `fixed in 1.5.1`. */
  readonly when: string;
  /** What makes the difference: the names of switches, or a variant in words. */
  readonly variant: string;
  /** Public threads and sources, as `https://…`. */
  readonly links: readonly string[];
  /** How it comes about, in a few sentences. */
  readonly happens: string;
  /** What repairs it. */
  readonly fix: string;
  /** How a program can keep out of its way, where it is live. */
  readonly advice?: string;
  /** The property that breaks: the name of one that its system has. */
  readonly property: string;
  /** The system with the bug, or without it: all else is the same. */
  readonly system: (isOn: boolean) => SystemDefinition;
  /** What messages and events of its own mean, by their types: `{from} asks {to} for a lease`. */
  readonly meanings?: Readonly<Record<string, string>>;
}
