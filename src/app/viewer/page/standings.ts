import { useEffect, useState } from 'preact/hooks';

import type { Course } from '../../walk/course.ts';
import { standingOf } from '../../walk/standing.ts';
import type { Standing } from '../../walk/standing.ts';
import type { Opened } from '../model/opening.ts';

/** How the properties stand along a course, looked at one by one so that the page never stands still. */
export function useStandings(
  opened: Opened | undefined,
  course: Course | undefined,
): readonly Standing[] | undefined {
  const [found, setFound] = useState<readonly Standing[] | undefined>(undefined);
  const stated = opened?.stated;
  useEffect(() => {
    setFound(undefined);
    if (stated === undefined || course === undefined) return undefined;
    const properties = stated.definition.properties ?? [];
    const standings: Standing[] = [];
    let timer = 0;
    const look = (): void => {
      const property = properties[standings.length];
      if (property === undefined) {
        setFound(standings);
        return;
      }
      standings.push(standingOf(property, course));
      timer = window.setTimeout(look);
    };
    timer = window.setTimeout(look);
    return () => {
      window.clearTimeout(timer);
    };
  }, [course, stated]);
  return found;
}
