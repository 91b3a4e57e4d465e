"""Draws calls of operators with odd shapes and numbers, and records what PyTorch makes of them. Usage: python3 drawn.py SEED COUNT > calls.jsonl; `drawn.jsonl` holds some of each operator."""
import json, math, random, sys, torch, warnings
import torch.nn.functional as F
warnings.filterwarnings('ignore'); torch.set_num_threads(1)
R = random.Random(int(sys.argv[1])); COUNT = int(sys.argv[2]); ONLY = sys.argv[3].split(',') if len(sys.argv) > 3 else None
inf = float('inf'); nan = float('nan')
def num(mode):
    if mode == 'special': return R.choice([0., 0., 1., -1., 2., -2., .5, inf, -inf, nan, 3., -.5])
    if mode == 'ties': return R.choice([0., 1., -1., 2.])
    if mode == 'pos': return abs(round(R.uniform(.05, 3), 3))
    if mode == 'unit': return round(R.uniform(.05, .95), 3)
    return round(R.uniform(-2, 2), 3)
def T(shape, mode='n', grad=True):
    n = math.prod(shape)
    return dict(shape=list(shape), data=[num(mode) for _ in range(n)], grad=grad)
def I(shape, hi): return dict(shape=list(shape), data=[R.randrange(hi) for _ in range(math.prod(shape))], int64=True)
def size(): return R.choice([1, 1, 2, 3, 2, 3, 0] if R.random() < .12 else [1, 2, 3])
def shp(lo=0, hi=3): return [size() for _ in range(R.randint(lo, hi))]
def bc(s):
    s = [1 if R.random() < .3 else x for x in s]
    return s[R.randint(0, len(s)):] if R.random() < .3 else s
def mode(): return R.choices(['n', 'special', 'ties', 'pos'], [5, 1.5, 2, 1])[0]
def dim(s, extra=0):
    r = max(len(s) + extra, 1)
    return R.randint(-r, r - 1) if R.random() < .97 else r
def dims(s):
    k = R.randint(1, max(len(s), 1)); return R.sample(range(max(len(s), 1)), k)
def red(s, multi=True):
    a = {}
    if R.random() < .7:
        a['dim'] = dims(s) if multi and R.random() < .5 else dim(s)
        if R.random() < .4: a['keepdim'] = True
    return a
gens, calls = {}, {}
def reg(name, gen, call): gens[name] = gen; calls[name] = call
def un(name, f, modes=None):
    reg(name, lambda: ([T(shp(), modes and R.choice(modes) or mode())], {}), lambda x: f(x))
for n in 'neg abs square reciprocal exp sin cos tan tanh relu sigmoid clone sign sqrt rsqrt log log1p expm1 log2 log10 exp2 sinh cosh asinh atan erf erfc floor ceil round trunc frac asin acos acosh atanh'.split():
    un(n, getattr(torch, n))
for n in 'leaky_relu elu silu softplus gelu hardtanh relu6 hardsigmoid hardswish mish selu celu logsigmoid softsign tanhshrink'.split(): un(n, getattr(F, n))
def bi(name, f, modes=None):
    def g():
        s = shp(); a, b = bc(s), bc(s)
        if R.random() < .05: b = shp()
        m = modes or [mode(), mode()]
        args = [T(a, m[0], R.random() < .9), T(b, m[1], R.random() < .9)]
        if R.random() < .12: args[1] = R.choice([2, -1, .5, 0, 3])
        return args, {}
    reg(name, g, f)
for n in 'add sub mul div atan2 fmod remainder hypot pow'.split(): bi(n, getattr(torch, n))
for n in 'maximum minimum fmax fmin logaddexp'.split():
    bi(n, getattr(torch, n))
    (lambda g: gens.__setitem__(n, lambda: next(x for x in iter(g, None) if isinstance(x[0][1], dict))))(gens[n])
reg('rsub_pow', lambda: ([R.choice([2, .5, 0, -1, 3]), T(shp(), mode())], {}), None); calls['rsub_pow'] = lambda b, x: torch.pow(b, x)
for n in 'eq ne lt le gt ge'.split(): bi(n, getattr(torch, n))
for n in 'sum mean'.split(): reg(n, lambda: (lambda s: ([T(s, mode())], red(s)))(shp()), getattr(torch, n))
reg('prod', lambda: (lambda s: ([T(s, mode())], red(s, False)))(shp()), torch.prod)
for n in 'amax amin'.split(): reg(n, lambda: (lambda s: ([T(s, mode())], red(s)))(shp()), getattr(torch, n))
for n in 'max min'.split(): reg(n, lambda: (lambda s: ([T(s, mode())], red(s, False)))(shp()), getattr(torch, n))
for n in 'argmax argmin'.split(): reg(n, lambda: (lambda s: ([T(s, mode())], red(s, False)))(shp()), getattr(torch, n))
def lse():
    s = shp(); a = red(s); a.setdefault('dim', dim(s)); return [T(s, mode())], a
reg('logsumexp', lse, torch.logsumexp)
def vr():
    s = shp(); a = red(s)
    if R.random() < .5: a['unbiased'] = R.random() < .5
    return [T(s, mode())], a
def vf(f):
    def g(x, **a):
        if 'dim' not in a: return f(x, a.get('unbiased', True))
        return f(x, a['dim'], a.get('unbiased', True), a.get('keepdim', False))
    return g
reg('var', vr, vf(torch.var)); reg('std', vr, vf(torch.std))
for n in ['softmax', 'log_softmax', 'cumsum', 'cumprod']: reg(n, lambda: (lambda s: ([T(s, mode())], dict(dim=dim(s))))(shp()), getattr(torch, n))
reg('norm', lambda: (lambda s: ([T(s, mode())], red(s) | ({'p': R.choice([1, 2, 3, inf])} if 0 else {})))(shp()), lambda x, **a: torch.norm(x, **a))
def clampg():
    a = {}
    if R.random() < .7: a['min'] = R.choice([-1, 0, .5])
    if R.random() < .7 or not a: a['max'] = R.choice([1, 0, .25, -1])
    return [T(shp(), mode())], a
reg('clamp', clampg, torch.clamp)
reg('transpose', lambda: (lambda s: ([T(s)], dict(dim0=dim(s), dim1=dim(s))))(shp()), lambda x, dim0, dim1: x.transpose(dim0, dim1))
reg('t', lambda: ([T(shp())], {}), lambda x: x.t())
reg('permute', lambda: (lambda s: ([T(s)], dict(dims=R.sample(range(len(s)), len(s)))))(shp()), lambda x, dims: x.permute(dims))
reg('unsqueeze', lambda: (lambda s: ([T(s)], dict(dim=dim(s, 1))))(shp()), torch.unsqueeze)
reg('squeeze', lambda: (lambda s: ([T(s)], dict(dim=dim(s)) if R.random() < .5 else {}))(shp()), torch.squeeze)
def vw():
    s = shp(); n = math.prod(s); c = [[n], [-1], [1, n], [n, 1], [-1, 1], [1, -1, 1], [2, -1], s[::-1]]
    if n == 1: c.append([])
    return [T(s)], dict(shape=R.choice(c))
reg('view', vw, lambda x, shape: x.view(shape)); reg('reshape', vw, lambda x, shape: x.reshape(shape))
reg('flatten', lambda: (lambda s: ([T(s)], R.choice([{}, dict(start_dim=dim(s)), dict(start_dim=dim(s), end_dim=dim(s))])))(shp()), lambda x, **a: torch.flatten(x, **a))
def ex():
    s = shp(); t = [R.choice([2, 3, -1, x]) if x == 1 else R.choice([x, x, x, -1]) for x in s]
    t = [R.choice([1, 2, 3]) for _ in range(R.randint(0, 2))] + t
    return [T(s)], dict(size=t)
reg('expand', ex, lambda x, size: x.expand(size))
def sel():
    s = shp(1); d = dim(s); n = s[d] if -len(s) <= d < len(s) else 1
    return [T(s)], dict(dim=d, index=R.randint(-n - (R.random() < .1), n if R.random() < .1 else max(n - 1, 0)))
reg('select', sel, lambda x, dim, index: x.select(dim, index))
def sl():
    s = shp(0 if R.random() < .1 else 1); a = dict(dim=dim(s))
    if R.random() < .7: a['start'] = R.randint(-4, 4)
    if R.random() < .7: a['end'] = R.randint(-4, 5)
    if R.random() < .3: a['step'] = R.choice([1, 2, 3])
    return [T(s)], a
reg('slice', sl, lambda x, dim=0, start=None, end=None, step=1: torch.ops.aten.slice(x, dim, start, end, step))
reg('flip', lambda: (lambda s: ([T(s)], dict(dims=R.sample(range(-len(s), 0), R.randint(0, len(s))))))(shp()), lambda x, dims: x.flip(dims))
def isel():
    s = shp(); d = dim(s); n = (s[d] if s and -len(s) <= d < len(s) else 1)
    return [T(s), I([R.randint(0, 4)] if R.random() < .9 else [], max(n, 1) + (R.random() < .05))], dict(dim=d)
reg('index_select', isel, lambda x, i, dim: torch.index_select(x, dim, i))
def gat():
    s = shp(1); d = R.randrange(len(s)); i = [R.randint(0, x) for x in s]; i[d] = R.randint(0, 3)
    return [T(s), I(i, max(s[d], 1))], dict(dim=d)
reg('gather', gat, lambda x, i, dim: torch.gather(x, dim, i))
reg('embedding', lambda: (lambda n, m: ([T([n, m]), I(shp(0, 2), n)], {}))(R.randint(1, 4), R.randint(1, 3)), lambda w, i: F.embedding(i, w))
def wh():
    s = shp(); return [dict(shape=(c := bc(s)), data=[float(R.random() < .5) for _ in range(math.prod(c))], grad=False), T(bc(s), mode()), T(bc(s), mode())], {}
reg('where', wh, lambda c, x, y: torch.where(c != 0, x, y))
def mf():
    s = shp(); c = bc(s); return [T(s, mode()), dict(shape=c, data=[float(R.random() < .5) for _ in range(math.prod(c))], grad=False)], dict(value=R.choice([-9, 0, 2]))
reg('masked_fill', mf, lambda x, m, value: x.masked_fill(m != 0, value))
def ct():
    s = shp(1); d = dim(s); k = R.randint(1, 3); xs = []
    for _ in range(k):
        u = list(s)
        if -len(s) <= d < len(s): u[d] = R.randint(0, 3)
        xs.append(T(u if R.random() < .93 else [0] if R.random() < .6 else shp(), 'n', R.random() < .9))
    return xs, dict(dim=d) if R.random() < .7 or d != 0 else {}
reg('cat', ct, lambda *x, **a: torch.cat(x, **a))
reg('stack', lambda: (lambda s: ([T(s) for _ in range(R.randint(1, 3))], dict(dim=dim(s, 1))))(shp()), lambda *x, **a: torch.stack(x, **a))
def spl():
    s = shp(0 if R.random() < .05 else 1); d = dim(s); n = s[d] if s and -len(s) <= d < len(s) else 1
    return [T(s)], dict(split_size=R.choice([1, 2, 3, [n], [n - 1, 1] if n > 0 else [0], [0, n], 0]), dim=d)
reg('split', spl, lambda x, split_size, dim=0: torch.split(x, split_size, dim))
reg('chunk', lambda: (lambda s: ([T(s)], dict(chunks=R.randint(1, 4), dim=dim(s))))(shp(1)), torch.chunk)
reg('unbind', lambda: (lambda s: ([T(s)], dict(dim=dim(s))))(shp(1)), torch.unbind)
def mm(): a, b, c = size(), size(), size(); return a, b, c
def mat():
    a, b, c = mm(); B = shp(0, 2)
    s1 = R.choice([[b], [a, b], bc(B) + [a, b], [a, b]]); s2 = R.choice([[b], [b, c], bc(B) + [b, c], [b, c]])
    if R.random() < .06: s2 = shp()
    return [T(s1), T(s2)], {}
reg('matmul', mat, torch.matmul)
reg('mm', lambda: (lambda a, b, c: ([T([a, b]), T([b, c])], {}))(*mm()), torch.mm)
reg('mv', lambda: (lambda a, b, c: ([T([a, b]), T([b if R.random() < .95 else c])], {}))(*mm()), torch.mv)
reg('dot', lambda: (lambda a, b, c: ([T([a]), T([a if R.random() < .95 else b])], {}))(*mm()), torch.dot)
reg('outer', lambda: (lambda a, b, c: ([T([a]), T([b])], {}))(*mm()), torch.outer)
reg('bmm', lambda: (lambda a, b, c, n: ([T([n, a, b]), T([n, b, c])], {}))(*mm(), size()), torch.bmm)
reg('addmm', lambda: (lambda a, b, c: ([T(bc([a, c])), T([a, b]), T([b, c])], R.choice([{}, {}, dict(alpha=2), dict(beta=.5), dict(alpha=-1, beta=0)])))(*mm()), torch.addmm)
reg('addmv', lambda: (lambda a, b, c: ([T([a]), T([a, b]), T([b])], {}))(*mm()), torch.addmv)
reg('baddbmm', lambda: (lambda a, b, c, n: ([T(bc([n, a, c])), T([n, a, b]), T([n, b, c])], {}))(*mm(), size()), torch.baddbmm)
def lin():
    a, b, c = mm(); x = R.choice([[b], [a, b], shp(1, 2) + [b]]); xs = [T(x), T([c, b])]
    if R.random() < .6: xs.append(T([c]))
    return xs, {}
reg('linear', lin, F.linear)
def ls(f, modes=('n', 'n')):
    def g():
        s = shp(); a = {} if R.random() < .3 else dict(reduction=R.choice(['mean', 'sum', 'none']))
        return [T(s, modes[0]), T(s if R.random() < .93 else bc(s), modes[1], R.random() < .6)], a
    return g
for n in 'mse_loss smooth_l1_loss l1_loss huber_loss'.split(): reg(n, ls(n), getattr(F, n))
reg('binary_cross_entropy', ls('', ('unit', 'unit')), F.binary_cross_entropy); reg('kl_div', ls('', ('n', 'unit')), F.kl_div)
reg('binary_cross_entropy_with_logits', ls('', ('n', 'unit')), F.binary_cross_entropy_with_logits)
reg('bce_special', lambda: (lambda s: ([dict(shape=s, data=[R.choice([0., 1., .5, .25, 1.5 if R.random() < .05 else 0]) for _ in range(math.prod(s))], grad=True), T(s, 'unit', R.random() < .5)], {}))(shp()), F.binary_cross_entropy)
def nl():
    n, c = R.randint(1, 3), R.randint(1, 4); a = {} if R.random() < .3 else dict(reduction=R.choice(['mean', 'sum', 'none']))
    if R.random() < .2: return [T([c]), I([], c)], a
    x = I([n], c)
    if R.random() < .2: x['data'][0] = -100
    return [T([n, c]), x], a
reg('nll_loss', nl, F.nll_loss); reg('cross_entropy', nl, F.cross_entropy)
reg('lstm_cell', lambda: (lambda n, i, h: ([T([n, i]), T([n, h]), T([n, h]), T([4 * h, i]), T([4 * h, h]), T([4 * h]), T([4 * h])], {}))(R.randint(1, 3), R.randint(1, 3), R.randint(1, 2)), lambda x, h, c, *w: torch.lstm_cell(x, (h, c), *w))
reg('tril', lambda: ([T(shp(2))], R.choice([{}, dict(diagonal=R.randint(-2, 2))])), torch.tril)
reg('triu', lambda: ([T(shp(2))], R.choice([{}, dict(diagonal=R.randint(-2, 2))])), torch.triu)
reg('diag', lambda: ([T(shp(1, 2))], R.choice([{}, dict(diagonal=R.randint(-1, 1))])), torch.diag)
reg('trace', lambda: ([T(shp(2, 2))], {}), torch.trace)
reg('lerp', lambda: (lambda s: ([T(bc(s)), T(bc(s)), T(bc(s))], {}))(shp()), torch.lerp)
reg('addcmul', lambda: (lambda s: ([T(bc(s)), T(bc(s)), T(bc(s))], R.choice([{}, dict(value=.5)])))(shp()), torch.addcmul)
reg('addcdiv', lambda: (lambda s: ([T(bc(s)), T(bc(s)), T(bc(s))], R.choice([{}, dict(value=.5)])))(shp()), torch.addcdiv)
reg('roll', lambda: (lambda s: ([T(s)], dict(shifts=R.randint(-3, 3), dims=R.randrange(max(len(s), 1)))))(shp(1)), torch.roll)
reg('repeat', lambda: (lambda s: ([T(s)], dict(repeats=[R.randint(0, 3) for _ in range(len(s) + R.randint(0, 1))])))(shp()), lambda x, repeats: x.repeat(repeats))
reg('narrow', lambda: (lambda s: ([T(s)], dict(dim=R.randrange(len(s)), start=0, length=R.randint(0, 2))))(shp(1)), torch.narrow)
reg('layer_norm', lambda: (lambda s: ([T(s)], dict(normalized_shape=s[-1:])))(shp(1)), lambda x, normalized_shape: F.layer_norm(x, normalized_shape))
reg('cosine_similarity', lambda: (lambda s: ([T(s), T(s)], {}))(shp(2)), F.cosine_similarity)
reg('normalize', lambda: (lambda s: ([T(s)], {}))(shp(2)), F.normalize)

for n in 'absolute negative'.split(): un(n, getattr(torch, n))
for n in 'subtract multiply divide true_divide rsub'.split(): bi(n, getattr(torch, n))
reg('clip', clampg, torch.clip); reg('concat', ct, lambda *x, **a: torch.concat(x, **a))
reg('clamp_min', lambda: ([T(shp(), mode())], dict(min=R.choice([-1, 0, .5]))), torch.clamp_min)
reg('clamp_max', lambda: ([T(shp(), mode())], dict(max=R.choice([-1, 0, .5]))), torch.clamp_max)
reg('swapaxes', lambda: (lambda s: ([T(s)], dict(axis0=dim(s), axis1=dim(s))))(shp()), torch.swapaxes)
reg('swapdims', lambda: (lambda s: ([T(s)], dict(dim0=dim(s), dim1=dim(s))))(shp()), torch.swapdims)
reg('diagonal', lambda: (lambda s: ([T(s)], dict(offset=R.randint(-2, 2), dim1=dim(s), dim2=dim(s))))(shp(2)), torch.diagonal)
reg('glu', lambda: (lambda s: ([T(s[:-1] + [2 * s[-1]])], {}))(shp(1)), F.glu)
reg('softmin', lambda: (lambda s: ([T(s, mode())], dict(dim=dim(s))))(shp()), F.softmin)
reg('unflatten', lambda: (lambda s: ([T(s + [6])], dict(dim=len(s), sizes=R.choice([[2, 3], [-1, 2], [6]]))))(shp(0, 2)), lambda x, dim, sizes: x.unflatten(dim, sizes))
def sq(n): return [T([n, n])]
def M(shape): return dict(shape=list(shape), data=[float(R.random() < .5) for _ in range(math.prod(shape))], grad=False)
def one(s, m='n', g=True): return T(s, m, g)
for n in 'arccos arccosh arcsin arcsinh arctan arctanh fix deg2rad rad2deg positive sinc'.split(): un(n, getattr(torch, n))
un('expit', torch.special.expit); un('contiguous', lambda x: x.contiguous()); un('logit', torch.logit, ['unit'])
for n in 'atleast_1d atleast_2d atleast_3d ravel nan_to_num'.split(): un(n, getattr(torch, n))
for n in 'arctan2 xlogy copysign logaddexp2'.split():
    bi(n, getattr(torch, n), ['pos', 'pos'] if n == 'xlogy' else None)
    (lambda g: gens.__setitem__(n, lambda: next(x for x in iter(g, None) if isinstance(x[0][1], dict))))(gens[n])
for n in 'greater greater_equal less less_equal not_equal'.split(): bi(n, getattr(torch, n))
reg('ldexp', lambda: (lambda s: ([T(s), T(bc(s))], {}))(shp()), torch.ldexp)
reg('float_power', lambda: (lambda s: ([T(s, 'pos'), T(bc(s))], {}))(shp()), torch.float_power)
reg('ger', lambda: ([T([size()]), T([size()])], {}), torch.ger); reg('vdot', lambda: (lambda n: ([T([n]), T([n])], {}))(size()), torch.vdot)
for n in 'concatenate row_stack hstack vstack dstack column_stack'.split():
    f = getattr(torch, n, None) or torch.cat
    reg(n, lambda: (lambda s: ([T(s) for _ in range(R.randint(1, 3))], {}))(shp(1)), (lambda f: lambda *x: f(x))(f))
reg('broadcast_to', ex, lambda x, size: torch.broadcast_to(x, size))
reg('split_with_sizes', lambda: (lambda s: ([T(s)], dict(split_sizes=R.choice([[s[0]], [1, s[0] - 1] if s[0] else [0], [0, s[0]], [2, 2]]), dim=0)))(shp(1)), lambda x, split_sizes, dim: torch.split_with_sizes(x, split_sizes, dim))
reg('adjoint', lambda: ([T(shp(2))], {}), lambda x: x.adjoint())
for n in 'fliplr flipud'.split(): reg(n, lambda: ([T(shp(2))], {}), getattr(torch, n))
for n in 'moveaxis movedim'.split(): reg(n, lambda: (lambda s: ([T(s)], dict(source=dim(s), destination=dim(s)) if R.random() < .6 else (lambda k: dict(source=R.sample(range(len(s)), k), destination=R.sample(range(len(s)), k)))(R.randint(0, len(s)))))(shp(1)), getattr(torch, n))
EQ = ['ij,jk->ik', 'ij,jk', 'ij->ji', 'ij->', 'ij->i', 'ii->i', 'ii', 'i,j->ij', 'i,i->', 'bij,bjk->bik', '...ij,...jk->...ik', '...i->...', 'ij,kj->ik', 'ij,ij->ij', 'i,ij,j->', 'ba', 'ij,i', 'abc->cab', '...j->j...', 'ij,...->i...', 'i1->i', 'ij->k', 'ij->ii', 'ij,jk,kl->il', 'iij->j', 'ij, jk -> ik', 'i..->i', 'iJ,Jk->ki']
def ein():
    eq = R.choice(EQ); z = {}
    def shape(t):
        s = []; t = t.strip(); i = 0
        while i < len(t):
            if t[i] == '.':
                s += [2] if R.random() < .6 else []; i += 3; continue
            if t[i] != ' ': s.append(1 if R.random() < .06 else z.setdefault(t[i], size() if R.random() < .97 else 3))
            i += 1
        return s
    xs = [T(shape(t)) for t in eq.split('->')[0].split(',')]
    if R.random() < .04: xs = xs + [T([2])]
    return xs, dict(equation=eq)
reg('einsum', ein, lambda *x, equation: torch.einsum(equation, *x))
reg('cross', lambda: (lambda s: ([T(s), T(s)], R.choice([{}, dict(dim=s.index(3))])))(R.choice([[3], [2, 3], [3, 2], [3, 3], [1, 3]])), torch.cross)
reg('kron', lambda: ([T(shp(0, 2)), T(shp(0, 2))], {}), torch.kron)
reg('inner', lambda: (lambda n: ([T(shp(0, 2) + [n]), T(shp(0, 2) + [n if R.random() < .9 else 2])], {}))(size()), torch.inner)
reg('tensordot', lambda: (lambda a, b: R.choice([([T([2, a, b]), T([a, b, 2])], dict(dims=2)), ([T([2, a]), T([a, 3])], dict(dims=1)), ([T([2]), T([3])], dict(dims=0)), ([T([a, 2]), T([3, a])], dict(dims_self=[0], dims_other=[1]))]))(size(), size()), lambda x, y, dims=2, dims_self=None, dims_other=None: torch.tensordot(x, y, dims if dims_self is None else (dims_self, dims_other)))
reg('addr', lambda: (lambda a, b: ([T([a, b]), T([a]), T([b])], R.choice([{}, dict(alpha=2), dict(beta=.5)])))(size(), size()), torch.addr)
reg('addbmm', lambda: (lambda a, b, c, n: ([T([a, c]), T([n, a, b]), T([n, b, c])], R.choice([{}, dict(alpha=2, beta=.5)])))(*mm(), size()), torch.addbmm)
reg('chain_matmul', lambda: (lambda a, b, c: ([T([a, b]), T([b, c]), T([c, a])], {}))(*mm()), torch.chain_matmul)
reg('multi_dot', lambda: (lambda a, b, c: ([T([a, b]), T([b, c]), T([c, a])], {}))(*mm()), lambda *x: torch.linalg.multi_dot(x))
reg('matrix_power', lambda: (sq(size()), dict(n=R.randint(1, 4))), torch.matrix_power)
reg('bilinear', lambda: (lambda a, b, c, n: ([T([n, a]), T([n, b]), T([c, a, b])] + ([T([c])] if R.random() < .5 else []), {}))(*mm(), size()), F.bilinear)
reg('dist', lambda: (lambda s: ([T(s, mode()), T(s)], R.choice([{}, dict(p=1), dict(p=3)])))(shp()), torch.dist)
reg('pairwise_distance', lambda: (lambda s: ([T(s), T(s)], R.choice([{}, dict(p=1), dict(keepdim=True)])))(shp(1)), F.pairwise_distance)
reg('cdist', lambda: (lambda a, b, c: ([T([a, c]), T([b, c])], R.choice([{}, dict(p=1)])))(*mm()), torch.cdist)
reg('prelu', lambda: (lambda s: ([T(s, mode()), T([R.choice([1, s[1]])])], {}))(shp(2)), F.prelu)
for n in 'expand_as view_as reshape_as'.split(): reg(n, (lambda n: lambda: (lambda s: ([T(s), T(([2] + s) if n == 'expand_as' else s[::-1], 'n', False)], {}))(shp()))(n), (lambda n: lambda x, y: getattr(x, n)(y))(n))
reg('hardshrink', lambda: ([T(shp(), mode())], R.choice([{}, dict(lambd=1.)])), F.hardshrink); reg('softshrink', lambda: ([T(shp(), mode())], R.choice([{}, dict(lambd=1.)])), F.softshrink)
reg('threshold', lambda: ([T(shp(), mode())], dict(threshold=R.choice([0, .5]), value=R.choice([0, 2]))), F.threshold)
reg('diff', lambda: (lambda s: ([T(s)], R.choice([{}, dict(n=2), dict(dim=dim(s))])))(shp(1)), torch.diff)
reg('logcumsumexp', lambda: (lambda s: ([T(s)], dict(dim=dim(s))))(shp()), torch.logcumsumexp)
for n in 'nansum nanmean'.split(): reg(n, lambda: (lambda s: ([T(s, R.choice(['n', 'special']))], red(s)))(shp()), getattr(torch, n))
def vmf(f):
    def g(x, **a):
        return f(x, a.get('unbiased', True)) if 'dim' not in a else f(x, a['dim'], a.get('unbiased', True), a.get('keepdim', False))
    return g
for n in 'var_mean std_mean'.split(): reg(n, lambda: (lambda s: ([T(s)], red(s) | ({} if R.random() < .5 else dict(unbiased=False))))(shp()), vmf(getattr(torch, n)))
reg('group_norm', lambda: (lambda n, c: ([T([n, 2 * c, 3])] + R.choice([[], [T([2 * c])], [T([2 * c]), T([2 * c])]]), dict(num_groups=R.choice([1, 2, c]))))(R.randint(1, 2), R.randint(1, 2)), lambda x, *w, num_groups: F.group_norm(x, num_groups, *w))
reg('instance_norm', lambda: ([T([R.randint(1, 2), R.randint(1, 2), 3])], {}), F.instance_norm)
def red1(): return {} if R.random() < .4 else dict(reduction=R.choice(['mean', 'sum', 'none']))
def sg(s): return dict(shape=s, data=[R.choice([1., -1.]) for _ in range(math.prod(s))], grad=False)
reg('margin_ranking_loss', lambda: (lambda s: ([T(s), T(s), sg(s)], red1() | R.choice([{}, dict(margin=.5)])))(shp()), F.margin_ranking_loss)
reg('hinge_embedding_loss', lambda: (lambda s: ([T(s), sg(s)], red1() | R.choice([{}, dict(margin=.5)])))(shp()), F.hinge_embedding_loss)
reg('cosine_embedding_loss', lambda: (lambda n, d: ([T([n, d]), T([n, d]), sg([n])], red1() | R.choice([{}, dict(margin=.25)])))(size(), size()), F.cosine_embedding_loss)
reg('triplet_margin_loss', lambda: (lambda s: ([T(s), T(s), T(s)], red1() | R.choice([{}, dict(margin=.5), dict(p=1), dict(swap=True)])))([R.randint(1, 3), R.randint(1, 3)]), F.triplet_margin_loss)
reg('soft_margin_loss', lambda: (lambda s: ([T(s), sg(s)], red1()))(shp()), F.soft_margin_loss)
reg('multilabel_soft_margin_loss', lambda: (lambda s: ([T(s), M(s)], red1()))(shp(1)), F.multilabel_soft_margin_loss)
reg('poisson_nll_loss', lambda: (lambda s: R.choice([([T(s), T(s, 'pos')], red1()), ([T(s, 'pos'), T(s, 'pos')], red1() | dict(log_input=False))]))(shp()), F.poisson_nll_loss)
reg('gaussian_nll_loss', lambda: (lambda s: ([T(s), T(s), T(s, 'pos')], red1() | R.choice([{}, dict(full=True)])))(shp(1)), F.gaussian_nll_loss)
for n in 'sort argsort'.split(): reg(n, lambda: (lambda s: ([T(s)], R.choice([{}, dict(dim=dim(s)), dict(descending=True)])))(shp()), getattr(torch, n))
reg('msort', lambda: ([T(shp(1))], {}), torch.msort)
reg('topk', lambda: (lambda s: ([T(s)], dict(k=R.randint(0, max(s) + (R.random() < .1))) | R.choice([{}, dict(dim=dim(s)), dict(largest=False)])))(shp(1)), torch.topk)
reg('kthvalue', lambda: (lambda s: ([T(s)], dict(k=R.randint(1, max(max(s), 1))) | R.choice([{}, dict(dim=dim(s), keepdim=True)])))(shp(1)), torch.kthvalue)
reg('median', lambda: (lambda s: ([T(s)], R.choice([{}, dict(dim=dim(s)), dict(dim=dim(s), keepdim=True)])))(shp()), torch.median)
for n in 'cummax cummin'.split(): reg(n, lambda: (lambda s: ([T(s, mode())], dict(dim=dim(s))))(shp()), getattr(torch, n))
reg('tile', lambda: (lambda s: ([T(s)], dict(dims=[R.randint(0, 3) for _ in range(R.randint(0, 3))])))(shp()), lambda x, dims: torch.tile(x, dims))
reg('rot90', lambda: (lambda s: ([T(s)], R.choice([{}, dict(k=R.randint(-4, 5)), dict(k=1, dims=R.sample(range(len(s)), 2))])))(shp(2)), lambda x, k=1, dims=[0, 1]: torch.rot90(x, k, dims))
reg('diag_embed', lambda: (lambda s: ([T(s)], R.choice([{}, dict(offset=R.randint(-2, 2)), dict(dim1=dim(s, 1), dim2=dim(s, 1))])))(shp(1)), torch.diag_embed)
reg('repeat_interleave', lambda: (lambda s: ([T(s)], dict(repeats=R.randint(0, 3)) | R.choice([{}, dict(dim=dim(s))])))(shp(1)), torch.repeat_interleave)
reg('pad', lambda: (lambda s: ([T(s)], dict(pad=[R.randint(0, 2) for _ in range(2 * R.randint(1, len(s)))]) | R.choice([{}, dict(value=1.5)])))(shp(1)), lambda x, pad, value=0.: F.pad(x, pad, value=value))
reg('take', lambda: (lambda s: ([T(s), I(shp(0, 2), max(math.prod(s), 1) + (R.random() < .05))], {}))(shp()), torch.take)
reg('masked_select', lambda: (lambda s: ([T(bc(s)), M(bc(s))], {}))(shp()), lambda x, m: torch.masked_select(x, m != 0))
def ia():
    s = shp(1); d = R.randrange(len(s)); n = R.randint(0, 3); q = list(s); q[d] = n
    return [T(s), I([n], max(s[d], 1)), T(q)], dict(dim=d) | R.choice([{}, dict(alpha=2)])
reg('index_add', ia, lambda x, i, y, dim, alpha=1: torch.index_add(x, dim, i, y, alpha=alpha))
def sc():
    s = [R.randint(1, 3) for _ in range(R.randint(1, 3))]; d = R.randrange(len(s)); q = [R.randint(1, z) for z in s]
    order = I(q, s[d])
    inner = math.prod(q[d + 1:]); line = list(range(s[d])); R.shuffle(line)
    order['data'] = [line[(k // inner) % q[d]] for k in range(math.prod(q))]
    return [T(s), order, T(q)], dict(dim=d)
reg('scatter', sc, lambda x, i, y, dim: torch.scatter(x, dim, i, y)); reg('scatter_add', sc, lambda x, i, y, dim: torch.scatter_add(x, dim, i, y))
def made(a):
    if not isinstance(a, dict): return a
    if a.get('int64'): return torch.tensor(a['data'], dtype=torch.int64).reshape(a['shape'])
    return torch.tensor(a['data'], dtype=torch.float32).reshape(a['shape']).requires_grad_(a['grad'])
def enc(v): return v if math.isfinite(v) else str(v)
def flat(x): return [enc(v) for v in x.detach().reshape(-1).to(torch.float64).tolist()]
def w(r, k): return torch.tensor([1 - i / k for i in range(r.numel())]).reshape(r.shape)
def run(op, args, attributes):
    xs = [made(a) for a in args]; line = dict(op=op, args=[a if not isinstance(a, dict) else a | dict(data=[enc(float(v)) if not a.get('int64') else v for v in a['data']]) for a in args], attributes=attributes)
    try: r = calls[op](*xs, **attributes)
    except Exception as e: return line | dict(error=[type(e).__name__, str(e).split('\n')[0]])
    rs = list(r) if isinstance(r, (tuple, list)) else [r]
    line['results'] = [dict(shape=list(x.shape), data=flat(x), dtype=str(x.dtype).split('.')[1]) for x in rs]
    roots = [x for x in rs if x.requires_grad]
    if not roots: return line
    line['names'] = [x.grad_fn.name().split('::')[-1] for x in roots if x.grad_fn][:1]
    loss = sum((x * w(x, 8)).sum() for x in roots)
    leaves = [x for x in xs if isinstance(x, torch.Tensor) and x.requires_grad]
    try: g = torch.autograd.grad(loss, leaves, retain_graph=True, allow_unused=True)
    except Exception as e: return line | dict(grad_error=[type(e).__name__, str(e).split('\n')[0]])
    it = iter(g); line['gradients'] = [(lambda v: None if v is None else flat(v))(next(it)) if isinstance(x, torch.Tensor) and x.requires_grad else None for x in xs]
    try:
        g = torch.autograd.grad(loss, leaves, create_graph=True, allow_unused=True)
        parts = [(x * w(x, 5)).sum() for x in g if x is not None and x.requires_grad]
        if parts:
            it = iter(torch.autograd.grad(sum(parts), leaves, allow_unused=True))
            line['second'] = [(lambda v: None if v is None else flat(v))(next(it)) if isinstance(x, torch.Tensor) and x.requires_grad else None for x in xs]
    except Exception as e: line['second_error'] = str(e).split('\n')[0]
    return line
names = [n for n in gens if not ONLY or n in ONLY]
for i in range(COUNT):
    n = names[i % len(names)]; a, k = gens[n]()
    print(json.dumps(run(n, a, k), separators=(',', ':')))
