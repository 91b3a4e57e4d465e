import { orleansDirectory } from '../systems/orleans-directory.ts';
import type { Exhibit } from './exhibit.ts';

export const exhibit: Exhibit = {
  id: 'orleans-handover',
  title: 'a directory answers before it has the entries of the one before it',
  of: 'Orleans',
  component: 'directory',
  isLive: false,
  when: 'fixed by #10323',
  variant: 'the new directory answers before it has the entries of the old one',
  links: [
    'https://github.com/dotnet/orleans/pull/10323',
    'https://github.com/dotnet/orleans/issues/8688',
  ],
  happens:
    'The directory of grains moves to another silo. Whoever asks there before the entries ' +
    'have come finds nothing and is registered, though another is already: the grain is ' +
    'active twice.',
  fix: 'Nobody answers between: the new directory lets who asks wait until it has the entries.',
  property: 'who is registered is who is active',
  system: (isOn) => orleansDirectory(isOn ? { bug: 'answers-before-it-knows' } : {}),
  meanings: {
    'grain.called': '{at} is asked for the grain',
    'grain.register': '{from} wants to activate the grain',
    'grain.registered': '{to} is told who runs the grain',
    'directory.moved': 'the directory moves',
    'directory.entries': 'the old directory sends its entries',
  },
};
