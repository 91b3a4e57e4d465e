import type { Chooser } from '../../kernel/run.ts';

/**
 * The same chooser for an environment that goes on acting as long as it may: to end the run is no option
 * while an input can be given. A demonstration that ends before it began shows nothing.
 */
export function eager(chooser: Chooser): Chooser {
  return (options, world) => {
    const [first, ...others] = options;
    const hasInput = others.some((choice) => choice !== undefined && choice.type === 'input');
    if (first !== undefined || !hasInput) return chooser(options, world);
    return others.length === 1 ? 1 : 1 + chooser(others, world);
  };
}
