"""Draws programs that change tensors and views of them in place, and records what PyTorch makes of them: the
values that all names have at the end, gradients, second gradients, or the error.

Usage: python3 views.py SEED COUNT > programs.jsonl

Left out: what PyTorch 1.13 alone says (names of nodes of reshape and fill, failed assertions of its own), `view`
along strides that it cannot take (tensors have none here), a change of what was detached by what requires a
gradient (not supported here), elements that are read while they are written (undefined there), and the loss of
views that were made without recording (they claim to require a gradient there, and have none)."""
import json
import random
import sys

import torch

R = random.Random(int(sys.argv[1]))
UNARY = ['neg', 'exp', 'sigmoid', 'relu', 'tanh', 'sin', 'square', 'abs']
BINARY = ['add', 'sub', 'mul', 'div']
LEFT_OUT = ['ReshapeAlias', 'FillBackward', 'view size', 'unallocated', 'INTERNAL ASSERT']


def quarter():
    return R.randint(1, 12) / 4


def draw_view(sizes):
    rank = len(sizes)
    while True:
        kind = R.choice('select slice t transpose view unsqueeze squeeze permute split unbind chunk diagonal '
                        'expand detach reshape'.split())
        dim = R.randrange(rank) if rank else 0
        if kind == 'select' and rank and sizes[dim]:
            return kind, {'dim': dim, 'index': R.randrange(-sizes[dim], sizes[dim])}
        if kind == 'unbind' and rank and sizes[dim]:
            return kind, {'dim': dim}
        if kind == 'slice' and rank and sizes[dim]:
            start = R.randint(0, 1)
            return kind, {'dim': dim, 'start': start, 'end': R.randint(start, sizes[dim]), 'step': R.choice([1, 1, 2])}
        if kind == 't' and rank <= 2 or kind == 'squeeze' or kind == 'detach' and R.random() < 0.3:
            return kind, {}
        if kind == 'transpose' and rank >= 2:
            return kind, dict(zip(['dim0', 'dim1'], R.sample(range(rank), 2)))
        if kind in ('view', 'reshape') and 0 not in sizes:
            left = torch.Size(sizes).numel()
            first = R.choice([n for n in range(1, left + 1) if left % n == 0])
            return kind, {'shape': [first, left // first]}
        if kind == 'unsqueeze' and rank < 3:
            return kind, {'dim': R.randint(0, rank)}
        if kind == 'permute' and rank >= 2:
            return kind, {'dims': R.sample(range(rank), rank)}
        if kind in ('split', 'chunk') and rank and sizes[dim]:
            return kind, {'split_size' if kind == 'split' else 'chunks': R.choice([1, 2]), 'dim': dim}
        if kind == 'diagonal' and rank >= 2:
            return kind, {'offset': R.choice([0, 0, 1]), 'dim1': 0, 'dim2': 1}
        if kind == 'expand' and 0 < rank < 3 and R.random() < 0.3:
            return kind, {'size': [2] + list(sizes)}


def run_view(x, kind, a):
    if kind == 'slice':
        return [torch.ops.aten.slice(x, a['dim'], a['start'], a['end'], a['step'])]
    made = getattr(x, kind)(*a.values())
    return list(made) if isinstance(made, tuple) else [made]


def values(x):
    return x.detach().flatten().tolist()


def filled(sizes):
    data = [quarter() for _ in range(torch.Size(sizes).numel())]
    # A clone: reshape would give a view.
    return torch.tensor(data).reshape(sizes).clone()


class Drawn:
    def __init__(self):
        self.steps, self.names, self.leaves, self.plain = [], [], [], set()

    def add(self, step, made):
        self.steps.append(step)
        self.names += made

    def make(self, type, x):
        self.add({'type': type, 'shape': list(x.shape), 'data': values(x)}, [x.requires_grad_(type == 'leaf')])

    def start(self):
        for _ in range(R.randint(1, 2)):
            self.make('leaf', filled(R.choice([[2, 3], [4], [2, 2], [3], [2, 2, 2]])))
            self.leaves.append(self.names[-1])
        if R.random() < 0.6:
            self.make('buffer', filled(R.choice([[2, 3], [4], [2, 2], [3]])))
        for at in range(len(self.leaves)):
            self.add({'type': 'apply', 'op': 'mul', 'args': [at, '2']}, [self.names[at] * 2])

    def go_on(self):
        w, x = R.random(), R.randrange(len(self.names))
        source = self.names[x]
        if w < 0.07:
            torch.set_grad_enabled(not torch.is_grad_enabled())
            self.add({'type': 'grad-mode', 'on': torch.is_grad_enabled()}, [])
        elif w < 0.4:
            kind, attributes = draw_view(source.shape)
            step = {'type': 'apply', 'op': kind, 'args': [x], 'attributes': attributes}
            self.steps.append(step)
            made = run_view(source, kind, attributes)
            if kind == 'detach' or x in self.plain:
                self.plain |= set(range(len(self.names), len(self.names) + len(made)))
            self.names += made
        elif w < 0.55:
            y = R.randrange(len(self.names))
            op, args = R.choice([(R.choice(UNARY + ['clone']), [x]), (R.choice(BINARY), [x, y])])
            self.steps.append({'type': 'apply', 'op': op, 'args': args})
            self.names.append(getattr(self.names[x], op)(*[self.names[each] for each in args[1:]]))
        else:
            self.change()

    def change(self):
        count = len(self.names)
        x = count - 1 - min(R.randrange(count), R.randrange(count))
        u = R.random()
        if u < 0.35:
            op, rest = R.choice(UNARY + ['zero', 'sqrt', 'reciprocal']), []
        elif u < 0.6 or x in self.plain:
            op, rest = R.choice(BINARY), [str(quarter())]
        else:
            fits = [y for y in range(count) if self.names[y].shape == self.names[x].shape]
            op, rest = R.choice(BINARY + ['copy', 'mul']), [R.choice(fits if R.random() < 0.8 else range(count))]
        self.steps.append({'type': 'change', 'op': op, 'args': [x] + rest})
        for y in rest:
            if isinstance(y, int) and self.reads_what_it_writes(x, y):
                raise LookupError
        getattr(self.names[x], op + '_')(*[self.names[y] if isinstance(y, int) else float(y) for y in rest])

    def reads_what_it_writes(self, x, y):
        a, b = self.names[x], self.names[y]
        is_dense = all(each.numel() == each.storage().size() for each in (a, b))
        return a.storage().data_ptr() == b.storage().data_ptr() and x != y and not is_dense

    def result(self):
        torch.set_grad_enabled(True)
        made = {'steps': self.steps}
        try:
            while len(self.steps) < R.randint(5, 12):
                self.go_on()
            torch.set_grad_enabled(True)
            used = [x for x in range(len(self.names)) if R.random() < 0.5]
            made.update(used=used, values=[values(x) for x in self.names])
            loss = sum((self.weighted(self.names[x]) for x in used), torch.zeros(()))
            made.update(self.gradients(loss) if loss.requires_grad else {})
        except (RuntimeError, IndexError) as error:
            made = {**made, 'error': str(error).split('\n')[0]}
        except LookupError:
            return None
        finally:
            torch.set_grad_enabled(True)
        return made

    def weighted(self, x):
        return (x * torch.arange(1.0, 1 + x.numel()).reshape(x.shape) / 4).sum()

    def gradients(self, loss):
        grads = torch.autograd.grad(loss, self.leaves, create_graph=True, allow_unused=True)
        given = {'grads': [None if each is None else values(each) for each in grads]}
        squares = [(each * each).sum() for each in grads if each is not None and each.requires_grad]
        if squares:
            second = torch.autograd.grad(sum(squares), self.leaves, allow_unused=True)
            given['second'] = [[] if each is None else values(each) for each in second]
        return given


def is_left_out(made):
    if made is None or any(text in made.get('error', '') for text in LEFT_OUT):
        return True
    is_modified = 'modified by an inplace operation' in made.get('error', '')
    is_claimed = 'grads' in made and all(each is None for each in made['grads'])
    return is_claimed or (is_modified and 'AsStrided' in made['error']) or 'NaN' in json.dumps(made) or 'Inf' in json.dumps(made)


left = int(sys.argv[2])
while left > 0:
    program = Drawn()
    program.start()
    made = program.result()
    if not is_left_out(made):
        left -= 1
        print(json.dumps(made, separators=(',', ':')))
