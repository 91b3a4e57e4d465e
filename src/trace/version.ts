/** The version of this package, for the traces that it makes. */
export const orreryVersion = '0.1.0';
