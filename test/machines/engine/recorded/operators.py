"""Records what PyTorch makes of each operator: values, gradients, graph, errors. Usage: python3 operators.py > operators.jsonl"""
import json
import math
import sys
import torch
import torch.nn.functional as F

state = 12345


def number():
    """A number between -2 and 2 in 64ths, never near 0; the generator is of Lehmer."""
    global state
    state = state * 48271 % 2147483647
    sixtyfourths = 5 + state % 123
    return (1 if state // 123 % 2 else -1) * sixtyfourths / 64


def t(*shape, positive=False, unit=False, grad=True):
    data = [number() for _ in range(math.prod(shape))]
    if positive or unit:
        data = [abs(x) for x in data]
    if unit:
        data = [x / 2.125 for x in data]
    return dict(shape=list(shape), data=data, grad=grad)


def of(data, shape=None, grad=True):
    return dict(shape=[len(data)] if shape is None else shape, data=data, grad=grad)


def index(data, shape=None):
    return dict(shape=[len(data)] if shape is None else shape, data=data, int64=True)


calls = {
    'view': lambda x, shape: x.view(shape),
    'reshape': lambda x, shape: x.reshape(shape),
    'expand': lambda x, size: x.expand(size),
    'permute': lambda x, dims: x.permute(dims),
    'slice': lambda x, dim=0, start=None, end=None, step=1: torch.ops.aten.slice(x, dim, start, end, step),
    'cat': lambda *xs, **attributes: torch.cat(xs, **attributes),
    'stack': lambda *xs, **attributes: torch.stack(xs, **attributes),
    'embedding': lambda weight, indices: F.embedding(indices, weight),
    'lstm_cell': lambda x, h, c, *weights: torch.lstm_cell(x, (h, c), *weights),
    'gather': lambda x, i, dim: torch.gather(x, dim, i),
    'index_select': lambda x, i, dim: torch.index_select(x, dim, i),
    'where': lambda c, x, y: torch.where(c != 0, x, y),
    'masked_fill': lambda x, m, value: x.masked_fill(m != 0, value),
    'transpose': lambda x, dim0=0, dim1=1: x.transpose(dim0, dim1),
    'softmax': F.softmax, 'log_softmax': F.log_softmax,
    'split': lambda x, split_size, dim=0: torch.split(x, split_size, dim),
    'select': lambda x, dim=0, index=0: x.select(dim, index),
    'flip': lambda x, dims: x.flip(dims),
    'max': lambda x, **a: torch.max(x, **a), 'min': lambda x, **a: torch.min(x, **a),
    'var': lambda x, **a: torch.var(x, **({'unbiased': True} | a) if 'dim' not in a else a),
    'relu': torch.relu, 'sigmoid': torch.sigmoid, 'squeeze': torch.squeeze,
    'unsqueeze': torch.unsqueeze, 'pow': torch.pow, 'linear': F.linear,
}

unary = 'neg abs square reciprocal exp sin cos tan tanh relu sigmoid leaky_relu elu silu softplus clone sign'.split()
positive = 'sqrt rsqrt log'.split()
pairs = 'add sub mul div maximum minimum'.split()
shapes = [([3], [3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [2]), ([2, 3], [2])]

cases = []


def case(op, *args, **attributes):
    cases.append((op, list(args), attributes))


for op in unary:
    case(op, t(5))
case('unbind', t(2, 3), dim=-1)
for op in positive:
    case(op, t(2, 2, positive=True))
case('softplus', of([25.0, -30.0])), case('sigmoid', of([-100.0, 100.0]))
case('clamp', of([-2.0, -1.0, 0.5, 2.0]), min=-1, max=1), case('clamp', t(4), min=0), case('clamp', t(4))
for op in pairs:
    for a, b in shapes:
        case(op, t(*a), t(*b))
    case(op, t(3), t(3, grad=False))
case('maximum', of([1.0, 2.0]), of([1.0, 3.0])), case('add', t(3), 2.5), case('mul', t(3), -2), case('div', t(3), 4)
case('pow', t(4), 3), case('pow', t(3, positive=True), 0.5), case('pow', of([0.0, 2.0]), 0), case('pow', of([0.0, 2.0]), 1)
case('pow', t(2, 3, positive=True), t(3)), case('pow', of([0.0, 0.0]), of([2.0, 0.0])), case('pow', 2, t(3))
for op in 'eq ne lt le gt ge'.split():
    case(op, of([1.0, 2.0, 3.0], grad=False), of([2.0, 2.0, 2.0], grad=False))
for op in 'sum mean prod'.split():
    case(op, t(2, 3)), case(op, t(2, 3), dim=1), case(op, t(2, 3), dim=0, keepdim=True), case(op, t(2), dim=1), case(op, t())
case('sum', t(2, 3, 2), dim=[0, 2]), case('mean', t(2, 3, 2), dim=[-1, 0], keepdim=True), case('sum', t(2, 3), dim=[0, 0]), case('sum', t(2, 3), dim=[0, -2])
case('prod', of([0.0, 2.0, 3.0])), case('prod', of([0.0, 2.0, 0.0]))
for op in 'max min'.split():
    case(op, t(2, 3)), case(op, of([2.0, 1.0, 2.0, 1.0])), case(op, t(2, 3), dim=1), case(op, of([1.0, 1.0]), dim=0, keepdim=True), case(op, t(2, 3), dim=2)
    case('a' + op, t(2, 3), dim=[0]), case('a' + op, of([2.0, 2.0, 1.0, 1.0], [2, 2]), dim=[0, 1]), case('arg' + op, t(2, 3), dim=1), case('arg' + op, t(2, 3))
for op in 'max min amax amin argmax argmin'.split():
    case(op, t(0)), case(op, t(0, 3, grad=False), dim=1), case(op, t(0, 3), dim=0)
case('sum', t(0)), case('prod', t(0))
case('logsumexp', t(2, 3), dim=1), case('logsumexp', of([100.0, 200.0]), dim=0, keepdim=True)
case('var', t(2, 3), dim=1), case('var', t(5)), case('std', t(2, 3), dim=0, unbiased=False), case('std', t(4), dim=0)
for op in ['softmax', 'log_softmax', 'cumsum']:
    for dim in [0, 1, -1, 2]:
        case(op, t(2, 3), dim=dim)
case('softmax', of([1000.0, 1001.0]), dim=0)
case('transpose', t(2, 3, 2), dim0=0, dim1=2), case('transpose', t(2, 3)), case('transpose', t(3)), case('t', t(2, 3)), case('t', t(3)), case('t', t(1, 1, 1))
case('permute', t(2, 3, 1), dims=[2, 0, 1]), case('permute', t(2, 3), dims=[0]), case('permute', t(2, 3), dims=[0, 0])
case('unsqueeze', t(2), dim=-1), case('unsqueeze', t(2), dim=2), case('squeeze', t(1, 2, 1)), case('squeeze', t(1, 2), dim=0), case('squeeze', t(1, 2), dim=1), case('squeeze', t(2), dim=3)
case('view', t(2, 3), shape=[3, 2]), case('view', t(2, 3), shape=[-1]), case('view', t(2, 3), shape=[4]), case('view', t(2, 3), shape=[-1, -1]), case('view', t(2, 3), shape=[-1, 4]), case('view', t(2), shape=[-2])
case('reshape', t(2, 3), shape=[6]), case('flatten', t(2, 3, 2)), case('flatten', t(2, 3, 2), start_dim=1), case('flatten', t(2, 3), start_dim=1, end_dim=0)
case('expand', t(2, 1), size=[3, 2, 4]), case('expand', t(2, 1), size=[-1, 3]), case('expand', t(2), size=[3]), case('expand', t(2, 3), size=[3]), case('expand', t(2), size=[-1, 2])
case('select', t(2, 3), dim=1, index=-1), case('select', t(2, 3), dim=0, index=5), case('select', t(), dim=0, index=0), case('select', t(2), dim=1, index=0)
case('slice', t(5), start=1, end=4), case('slice', t(2, 5), dim=1, start=-4, step=2), case('slice', t(3), start=2, end=1), case('slice', t(3), start=1, end=9), case('flip', t(2, 3), dims=[0, 1])
case('index_select', t(3, 2), index([2, 0, 2]), dim=0), case('index_select', t(2, 3), index([1]), dim=1), case('index_select', t(3), index([3]), dim=0)
case('gather', t(2, 3), index([0, 2, 1, 1], [2, 2]), dim=1), case('gather', t(2, 3), index([1, 0, 1], [1, 3]), dim=0), case('gather', t(2, 3), index([3], [1, 1]), dim=1), case('gather', t(2, 3), index([0]), dim=0), case('gather', t(2, 3), index([0, 0, 0], [3, 1]), dim=1)
case('embedding', t(4, 3), index([1, 3, 1])), case('embedding', t(4, 2), index([0, 1, 2, 3], [2, 2])), case('embedding', t(4, 2), index([4]))
case('where', of([1.0, 0.0, 1.0], grad=False), t(3), t(2, 3)), case('masked_fill', t(2, 3), of([1.0, 0.0, 1.0], grad=False), value=-9)
case('cat', t(2, 3), t(1, 3)), case('cat', t(2, 3), t(2, 1), t(2, 2, grad=False), dim=1), case('cat', t(2, 3), t(2, 2)), case('cat', t(2), t(2, 2)), case('cat', t(), t()), case('cat', t(2), t(2), dim=1)
case('stack', t(2), t(2)), case('stack', t(2), t(2), t(2), dim=-1), case('stack', t(2), t(3))
case('split', t(5), split_size=2), case('split', t(2, 4), split_size=[1, 3], dim=1), case('split', t(4), split_size=[1, 2]), case('split', t(3), split_size=0), case('split', t(), split_size=1)
case('chunk', t(5, 2), chunks=3), case('chunk', t(2, 4), chunks=2, dim=1), case('chunk', t(2), chunks=0), case('unbind', t(2, 3)), case('unbind', t(2, 3), dim=1), case('unbind', t())
for a, b in [([3], [3]), ([2, 3], [3]), ([3], [3, 2]), ([2, 3], [3, 2]), ([2, 2, 3], [3, 2]), ([2, 2, 3], [3]), ([2, 3], [2, 3, 2]), ([3], [2, 3, 2]), ([2, 1, 2, 3], [3, 3, 2]), ([2, 2, 2], [2, 2, 2]),
             ([3], [2]), ([2, 3], [2]), ([2], [3, 2]), ([2, 3], [2, 3]), ([], [2]), ([2, 2, 3], [2, 2]), ([2, 2, 3], [3, 3, 2]), ([2, 2, 3], [2, 2, 3])]:
    case('matmul', t(*a), t(*b))
case('mm', t(2, 3), t(3, 1)), case('mm', t(2), t(2, 2)), case('mm', t(2, 2), t(2)), case('mv', t(2, 3), t(3)), case('dot', t(3), t(3)), case('dot', t(2, 2), t(2))
case('bmm', t(2, 1, 3), t(2, 3, 2)), case('bmm', t(2, 2), t(2, 2)), case('bmm', t(2, 1, 3), t(2, 2, 2)), case('bmm', t(2, 1, 3), t(2, 3)), case('outer', t(2), t(3)), case('outer', t(2, 2), t(3))
case('addmm', t(2), t(3, 2), t(2, 2)), case('addmm', t(3), t(3, 2), t(2, 2))
case('linear', t(2, 3), t(4, 3), t(4)), case('linear', t(2, 3), t(4, 3)), case('linear', t(3), t(2, 3), t(2)), case('linear', t(2, 2, 3), t(2, 3)), case('linear', t(2, 3), t(4, 2), t(4))
for reduction in ['mean', 'sum', 'none']:
    for op in ['mse_loss', 'smooth_l1_loss', 'l1_loss']:
        case(op, t(2, 3), t(2, 3, grad=False), reduction=reduction)
    case('binary_cross_entropy', t(3, unit=True), t(3, unit=True, grad=False), reduction=reduction)
    case('nll_loss', t(2, 3), index([2, 0]), reduction=reduction), case('cross_entropy', t(2, 3), index([1, 2]), reduction=reduction)
case('mse_loss', t(2), t(2)), case('mse_loss', t(2), t(3, grad=False)), case('binary_cross_entropy', t(2, unit=True), t(3, grad=False))
case('nll_loss', t(2, 3), index([-100, 1])), case('nll_loss', t(3), index([1], [])), case('nll_loss', t(2, 3), index([1, 2, 0])), case('nll_loss', t(2, 3), index([1, 3])), case('cross_entropy', t(4), index([0], []))
case('mse_loss', t(2), t(2), reduction='most')
case('lstm_cell', t(2, 3), t(2, 2), t(2, 2), t(8, 3), t(8, 2), t(8), t(8)), case('lstm_cell', t(1, 2), t(1, 1), t(1, 1), t(4, 2), t(4, 1))


def graph(nodes):
    """Breadth first: each node's name without namespace and the places of those after it."""
    order, places = [], {}
    for node in nodes:
        if node is not None and node not in places:
            places[node] = len(order)
            order.append(node)
    lines = []
    for node in order:
        after = []
        for next_, nr in node.next_functions:
            if next_ is None:
                after.append(None)
                continue
            if next_ not in places:
                places[next_] = len(order)
                order.append(next_)
            after.append([places[next_], nr])
        lines.append([node.name().split('::')[-1], after])
    return lines


def made(arg):
    if not isinstance(arg, dict):
        return arg
    if arg.get('int64'):
        return torch.tensor(arg['data'], dtype=torch.int64).reshape(arg['shape'])
    return torch.tensor(arg['data'], dtype=torch.float32).reshape(arg['shape']).requires_grad_(arg['grad'])


def flat(x):
    return [float('%.7g' % v) for v in x.detach().reshape(-1).to(torch.float64).tolist()]


def second(loss, tensors):
    """The gradients of the weighted sum of the gradients; none where those are constant."""
    wanted = [isinstance(x, torch.Tensor) and x.requires_grad for x in tensors]
    leaves = [x for x, is_wanted in zip(tensors, wanted) if is_wanted]
    try:
        first = torch.autograd.grad(loss, leaves, create_graph=True, allow_unused=True)
    except RuntimeError as error:
        return str(error).split('\n')[0]
    parts = [(g * torch.tensor([1 - i / 5 for i in range(g.numel())]).reshape(g.shape)).sum()
             for g in first if g is not None and g.requires_grad]
    if not parts:
        return None
    made = iter(torch.autograd.grad(sum(parts), leaves, allow_unused=True))
    found = [flat(g) if is_wanted and (g := next(made)) is not None else None for is_wanted in wanted]
    # JSON has no word for a number that is none.
    return found if all(math.isfinite(x) for g in found if g is not None for x in g) else None


def run(op, args, attributes):
    call = calls.get(op) or getattr(torch, op, None) or getattr(F, op)
    tensors = [made(arg) for arg in args]
    line = dict(op=op, args=args, attributes=attributes)
    try:
        result = call(*tensors, **attributes)
    except Exception as error:
        return line | dict(error=[type(error).__name__, str(error).split('\n')[0]])
    results = list(result) if isinstance(result, (tuple, list)) else [result]
    line['results'] = [dict(shape=list(r.shape), data=flat(r)) for r in results]
    roots = [r for r in results if r.requires_grad]
    if roots:
        line['graph'] = graph([r.grad_fn for r in roots])
        loss = sum((r * torch.tensor([1 - i / 8 for i in range(r.numel())]).reshape(r.shape)).sum() for r in roots)
        loss.backward(retain_graph=True)
        line['gradients'] = [flat(x.grad) if isinstance(x, torch.Tensor) and x.grad is not None else None for x in tensors]
        line['second'] = second(loss, tensors)
    return line


for each in cases:
    json.dump(run(*each), sys.stdout, separators=(',', ':'))
    print()
