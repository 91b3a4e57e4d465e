import { describe, expect, test } from 'vitest';

import type { SwitchName } from '../../../actors/index.ts';
import { fetchInSweep } from '../../../examples/tutorials/fetch-in-sweep.ts';
import {
  sharingAmongUsers,
  sharingByOwner,
  sharingWithOwner,
} from '../../../examples/tutorials/sharing.ts';
import { returnedReference } from '../../../examples/tutorials/small-programs.ts';
import { ms } from '../../../src/index.ts';
import { missing, unreadable, unreadableCreation, unwritable } from './failing-programs.ts';
import { brokenWith } from './switched.ts';
import type { SwitchCase } from './switched.ts';

const lossy = { faults: { drop: 1 } };
const endless = { poolSize: 2, rpcTimeout: ms(0) };

// The first send, and all five that follow it.
const refused = { backend: { messagesToFail: ['RREF_FORK_REQUEST'], numFailSends: 6 } };

/** Where each bug shows, of those that need a search; the searches are not told what to look for. */
const cases: Readonly<Partial<Record<SwitchName, readonly SwitchCase[]>>> = {
  'rref.callbackRethrows': [{ breaks: 'P12', make: sharingAmongUsers, setting: refused }],
  'rref.failureNotRecorded': [
    { breaks: 'P3', make: sharingWithOwner, setting: lossy },
    { breaks: 'P3', make: unreadableCreation, setting: endless },
  ],
  'rref.fetchDoesNotPin': [{ breaks: 'P3', make: fetchInSweep, setting: endless }],
  'rref.noForkRollback': [
    { breaks: 'P1', make: sharingByOwner, setting: lossy },
    { breaks: 'P1', make: returnedReference, setting: lossy },
    { breaks: 'P1', make: unwritable, setting: {} },
    { breaks: 'P1', make: unreadable, setting: {} },
    { breaks: 'P1', make: missing, setting: {} },
  ],
};

describe.each(Object.entries(cases))('the switch %s', (text, each) => {
  // cast -- the keys of the table
  const name = text as SwitchName;

  test.each(each)('breaks $breaks, and the protocol holds without it', (one) => {
    expect(brokenWith(one, { isOn: true, name, only: one.breaks })).toEqual([one.breaks]);
    expect(brokenWith(one, { isOn: false, name })).toEqual([]);
  });
});
