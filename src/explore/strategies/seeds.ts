/**
 * The seed of one run of a campaign: neighbours have nothing in common.
 *
 * @see Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014, section 5; here
 * with the finaliser of MurmurHash3 for 32 bits.
 */
export function seedOf(seed: number, run: number): number {
  let mixed = (seed + Math.imul(run + 1, 0x9e3779b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
