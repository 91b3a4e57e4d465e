/**
 * Where PyTorch's behaviour is a bug that can be switched off. Each switch is read at one place; `true` is
 * what PyTorch does.
 */

/** The switches by name. */
export interface Switches {
  /** The engine lets others in between the three sections of a pass's clean-up. */
  readonly 'de.cleanupNotAtomic': boolean;
  /**
   * The engine marks a context and only later forgets the gradients of earlier passes, so that it may forget
   * those of this one.
   */
  readonly 'de.launchNotAtomic': boolean;
  /** The last fork takes along an OwnerRRef whose value somebody still waits for. */
  readonly 'rref.erasesUncreatedOwners': boolean;
  /** A remote call makes its OwnerRRef in one section and registers the creator's fork in the next. */
  readonly 'rref.createForkNotAtomic': boolean;
}

/** A setting of all switches. */
export type Profile = 'hardened' | 'pytorch-2.6';

/** The settings by name. */
export const profiles: Readonly<Record<Profile, Switches>> = {
  hardened: {
    'de.cleanupNotAtomic': false,
    'de.launchNotAtomic': false,
    'rref.createForkNotAtomic': false,
    'rref.erasesUncreatedOwners': false,
  },
  'pytorch-2.6': {
    'de.cleanupNotAtomic': true,
    'de.launchNotAtomic': true,
    'rref.createForkNotAtomic': true,
    'rref.erasesUncreatedOwners': true,
  },
};
