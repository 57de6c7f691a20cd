"""The model's own exponential, logarithm, power, cosine and normal distribution: the same bits on every machine.

A C library answers exp, log or pow within a unit in the last place, and each library, version and processor in its own
way. Here everything is made of + - * /, square roots, comparisons and operations on bits, for which IEEE 754 leaves one
answer. Numba neither fuses nor reorders them (sim/compiled.py asks for no fast arithmetic). Run as plain Python (with
those they call) they give the same bits. Errors are below 1 unit in the last place for exp, log and power, and 2 for
cosine (tests/sim/test_maths.py).

Source   fdlibm (Sun Microsystems 1993: e_exp.c, e_log.c, e_pow.c, k_cos.c, k_sin.c) with the reductions of musl 1.2;
         Marsaglia 2004, Evaluating the normal distribution, Journal of Statistical Software 11(4)
"""

from __future__ import annotations

import numpy as np

from sim.compiled import kernel

# exp: ln 2 in two parts, 1/ln 2, and (x/2) coth(x/2) - 1 as a polynomial in x squared.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
INVERSE_LN2 = 1.44269504088896338700e00
P1, P2, P3 = 1.66666666666666019037e-01, -2.77777777770155933842e-03, 6.61375632143793436117e-05
P4, P5 = -1.65339022054652515390e-06, 4.13813679705723846039e-08
EXP_LEAST, EXP_MOST = -745.2, 709.79  # below there is nothing but 0, above nothing but infinity
ROUND = 6755399441055744.0  # 1.5 * 2**52: what is added and taken away again leaves a whole number, the nearest

# log: log(1 + f) as a series in s = f / (2 + f).
LG1, LG2, LG3 = 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01
LG4, LG5 = 2.222219843214978396e-01, 1.818357216161805012e-01
LG6, LG7 = 1.531383769920937332e-01, 1.479819860511658591e-01
ROOT_HALF = 0x3FE6A09E << 32  # bits of the root of 1/2, rounded
MANTISSA, ONE, LEAST_NORMAL = (1 << 52) - 1, 0x3FF << 52, 2.2250738585072014e-308
HIGH_WORD = -1 << 32  # mask of the upper half of 64 bits

# power: log2(x) in two parts, by 2/(3 ln 2) and log2(3/2) in two parts, then 2 to what is left.
L1, L2, L3 = 5.99999999999994648725e-01, 4.28571428578550184252e-01, 3.33333329818377432918e-01
L4, L5, L6 = 2.72728123808534006489e-01, 2.30660745775561754067e-01, 2.06975017800338417784e-01
CP, CP_HIGH, CP_LOW = 9.61796693925975554329e-01, 9.61796700954437255859e-01, -7.02846165095275826516e-09
LOG2_3_2_HIGH, LOG2_3_2_LOW = 5.84962487220764160156e-01, 1.35003920212974897128e-08
LN2, LN2_UP, LN2_REST = 6.93147180559945286227e-01, 6.93147182464599609375e-01, -1.90465429995776804525e-09

# cosine and sine between -pi/4 and pi/4.
C1, C2, C3 = 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05
C4, C5, C6 = -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11
S1, S2, S3 = -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04
S4, S5, S6 = 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10
TURN = 6.283185307179586

DENSITY_AT_0 = 0.3989422804014327  # 1 / sqrt(2 pi)
FAR = 8.3  # beyond, the normal distribution is 0 or 1 to the last bit of 1


@kernel
def bits_of(x):
    """The 64 bits of a number, as an integer."""
    return np.float64(x).view(np.int64)


@kernel
def from_bits(bits):
    """The number of 64 bits."""
    return np.int64(bits).view(np.float64)


@kernel
def upper(x):
    """A number with the lower half of its bits cleared, so that products of two such are exact."""
    return from_bits(bits_of(x) & HIGH_WORD)


@kernel
def scaled(y, k):
    """y * 2**k for y near 1; by two factors, so that a result below the normal numbers is rounded once."""
    half = k >> 1
    return y * from_bits((half + 1023) << 52) * from_bits((k - half + 1023) << 52)


@kernel
def exp(x):
    """e to the x; 0 or infinity where that is the nearest number."""
    if not EXP_LEAST < x < EXP_MOST:
        return x * 1.0 if x != x else (np.inf if x > 0.0 else 0.0)
    whole = (x * INVERSE_LN2 + ROUND) - ROUND
    high = x - whole * LN2_HIGH
    low = whole * LN2_LOW
    r = high - low
    t = r * r
    c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))))
    return scaled(1.0 - ((low - r * c / (2.0 - c)) - high), np.int64(whole))


@kernel
def log(x):
    """Natural logarithm; minus infinity at 0, nan below."""
    if not LEAST_NORMAL <= x < np.inf:
        if x == 0.0:
            return -np.inf
        if x != x or x < 0.0:
            return np.nan
        return np.inf if x == np.inf else log_of_normal(x * 18014398509481984.0, -54)  # 2**54
    return log_of_normal(x, 0)


@kernel
def log_of_normal(x, k):
    """Natural logarithm of x * 2**k, x a normal number."""
    bits = bits_of(x) + (ONE - ROOT_HALF)
    k = np.float64(k + (bits >> 52) - 1023)
    f = from_bits((bits & MANTISSA) + ROOT_HALF) - 1.0
    half = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (LG2 + w * (LG4 + w * LG6))
    odd = z * (LG1 + w * (LG3 + w * (LG5 + w * LG7)))
    return s * (half + (odd + even)) + k * LN2_LOW - half + f + k * LN2_HIGH


@kernel
def log2_in_two(x):
    """Base-2 logarithm of a normal number in two parts, of which the first has 32 bits."""
    bits = bits_of(x)
    k = (bits >> 52) - 1023
    bits = (bits & MANTISSA) | ONE
    base, table_high, table_low = 1.0, 0.0, 0.0
    if bits >= 0x3FFBB67A << 32:  # above the root of 3: nearest to 2
        k += 1
        bits -= 1 << 52
    elif bits > 0x3FF3988E << 32:  # between the roots of 3/2 and 3: nearest to 3/2
        base, table_high, table_low = 1.5, LOG2_3_2_HIGH, LOG2_3_2_LOW
    a = from_bits(bits)
    u = a - base
    v = 1.0 / (a + base)
    s = u * v
    s_high = upper(s)
    t_high = upper(a + base)
    t_low = a - (t_high - base)
    s_low = v * ((u - s_high * t_high) - s_high * t_low)
    s2 = s * s
    r = s2 * s2 * (L1 + s2 * (L2 + s2 * (L3 + s2 * (L4 + s2 * (L5 + s2 * L6)))))
    r += s_low * (s_high + s)
    s2 = s_high * s_high
    t_high = upper(3.0 + s2 + r)
    t_low = r - ((t_high - 3.0) - s2)
    u = s_high * t_high
    v = s_low * t_high + t_low * s
    p_high = upper(u + v)
    p_low = v - (p_high - u)
    z_high = CP_HIGH * p_high
    z_low = CP_LOW * p_high + p_low * CP + table_low
    t = np.float64(k)
    first = upper(((z_high + z_low) + table_high) + t)
    return first, z_low - (((first - t) - table_high) - z_high)


@kernel
def power(x, y):
    """x to the y for x >= 0 and finite y; 0 to the 0 is 1. What overflows is infinity, a negative x is nan."""
    if y == 0.0 or x == 1.0:
        return 1.0
    if y == 1.0:
        return x * 1.0
    if not LEAST_NORMAL <= x < np.inf or not -1e9 < y < 1e9:
        return power_at_the_edge(x, y)
    first, second = log2_in_two(x)
    y_high = upper(y)
    low = (y - y_high) * first + y * second
    high = y_high * first
    z = low + high
    if not -1080.0 < z < 1025.0:
        return np.inf if z > 0.0 else 0.0
    whole = (z + ROUND) - ROUND
    high -= whole
    t = upper(low + high)
    u = t * LN2_UP
    v = (low - (t - high)) * LN2 + t * LN2_REST
    z = u + v
    w = v - (z - u)
    t = z * z
    c = z - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))))
    r = z * c / (c - 2.0) - (w + z * w)
    return scaled(1.0 - (r - z), np.int64(whole))


@kernel
def power_at_the_edge(x, y):
    """x to the y where x is 0, tiny, infinite or no number, or y is huge."""
    if x != x or y != y or x < 0.0:
        return np.nan
    rising = (x > 1.0) == (y > 0.0)
    if x == 0.0 or x == np.inf or not -1e9 < y < 1e9:
        return np.inf if rising else 0.0
    return exp(y * log(x))


@kernel
def cosine(turns):
    """Cosine of so many full turns, -1e9 ... 1e9: cos(2 pi turns)."""
    quarter = (4.0 * turns + ROUND) - ROUND
    x = TURN * (turns - 0.25 * quarter)
    z = x * x
    if np.int64(quarter) & 1:
        y = x + x * z * (S1 + z * (S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))))
        return y if np.int64(quarter) & 2 else -y
    half = 0.5 * z
    w = 1.0 - half
    y = w + ((1.0 - w) - half + z * z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6))))))
    return -y if np.int64(quarter) & 2 else y


@kernel
def normal_below(x):
    """Share of a standard normal distribution that lies below x, to 1e-15 (Marsaglia's series)."""
    if not -FAR < x < FAR:
        return 1.0 if x > 0.0 else 0.0
    term, total, before = x, x, np.inf
    k = 1.0
    while total != before:
        before = total
        k += 2.0
        term *= x * x / k
        total += term
    return 0.5 + total * (DENSITY_AT_0 * exp(-0.5 * x * x))


@kernel
def normal_quantile(share):
    """The x below which so much (0-1) of a standard normal distribution lies, by halving."""
    low, high = -FAR, FAR
    while True:
        middle = 0.5 * (low + high)
        if not low < middle < high:
            return middle
        if normal_below(middle) < share:
            low = middle
        else:
            high = middle


@kernel
def bounded(x, low, high):
    """A number kept within its bounds."""
    return min(high, max(low, x))
