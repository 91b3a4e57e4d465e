/** Tables without colours of their own and without lines between rows. */
export const plainStyle = { border: [], compact: true, head: [] };
