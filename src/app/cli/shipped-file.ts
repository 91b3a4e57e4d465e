import { fileURLToPath } from 'node:url';

/** A file of this package by its path from the root; the build puts it at the same place beside the code. */
export function shippedFile(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
