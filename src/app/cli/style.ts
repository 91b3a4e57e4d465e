/** Tables without colours of their own. */
export const plainStyle = { head: [], border: [] };
