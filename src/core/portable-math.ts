/**
 * The transcendental functions, the same to the last bit in every engine: ECMAScript leaves `Math.sin`
 * and its like to the implementation. These are ports of FreeBSD's msun and of Cephes in plain
 * JavaScript, computed in double; whoever calls them rounds.
 *
 * @see docs/decisions/0008-tensor-arithmetic.md
 */
import stdlibCos from '@stdlib/math-base-special-cos';
import stdlibExp from '@stdlib/math-base-special-exp';
import stdlibLn from '@stdlib/math-base-special-ln';
import stdlibLog1p from '@stdlib/math-base-special-log1p';
import stdlibPow from '@stdlib/math-base-special-pow';
import stdlibSin from '@stdlib/math-base-special-sin';
import stdlibTanh from '@stdlib/math-base-special-tanh';

/** The cosine of an angle in radians. */
export const cos: (x: number) => number = stdlibCos;

/** e to the power of x. */
export const exp: (x: number) => number = stdlibExp;

/** The natural logarithm. */
export const log: (x: number) => number = stdlibLn;

/** The natural logarithm of 1 + x, also where x is small. */
export const log1p: (x: number) => number = stdlibLog1p;

/** x to the power of y. */
export const pow: (x: number, y: number) => number = stdlibPow;

/** The sine of an angle in radians. */
export const sin: (x: number) => number = stdlibSin;

/** The hyperbolic tangent. */
export const tanh: (x: number) => number = stdlibTanh;
