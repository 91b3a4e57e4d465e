"""Records what PyTorch's optimizers make of a parameter in five steps. Usage: python3 optimizers.py > optimizers.jsonl"""
import json
import sys
import torch

state = 20


def number():
    """A number between -2 and 2 in 64ths; the generator is of Lehmer."""
    global state
    state = state * 48271 % 2147483647
    return (state % 257 - 128) / 64


names = dict(weight_decay='weightDecay', lr_decay='lrDecay', initial_accumulator_value='initialAccumulatorValue',
             step_sizes='stepSizes')
configurations = [
    ('SGD', dict(lr=.05)),
    ('SGD', dict(lr=.05, weight_decay=.1)),
    ('SGD', dict(lr=.05, momentum=.9)),
    ('SGD', dict(lr=.05, momentum=.9, dampening=.5, weight_decay=.25)),
    ('SGD', dict(lr=1e-3, momentum=1, weight_decay=1, nesterov=True)),
    ('SGD', dict(lr=.05, momentum=.5, maximize=True)),
    ('Adagrad', dict()),
    ('Adagrad', dict(lr=.05, lr_decay=.25, weight_decay=.1, initial_accumulator_value=.5)),
    ('Adam', dict()),
    ('Adam', dict(lr=1e-2, amsgrad=True)),
    ('Adam', dict(lr=.1, betas=[.5, .75], eps=1e-3, weight_decay=.2)),
    ('AdamW', dict(lr=.05, amsgrad=True)),
    ('AdamW', dict(lr=.05, weight_decay=0)),
    ('Adadelta', dict(rho=.95)),
    ('Adadelta', dict(lr=.5, weight_decay=.1)),
    ('RMSprop', dict(lr=.05)),
    ('RMSprop', dict(lr=.05, momentum=.5, centered=True, weight_decay=.1, alpha=.9)),
    ('Adamax', dict(lr=.05)),
    ('Adamax', dict(weight_decay=.2)),
    ('Rprop', dict(lr=.05)),
]

for name, options in configurations:
    param = torch.tensor([number() for _ in range(6)]).reshape(2, 3).requires_grad_()
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in options.items()}
    optimizer = getattr(torch.optim, name)([param], **given)
    line = dict(optimizer=name, options={names.get(k, k): v for k, v in options.items()},
                param=param.detach().reshape(-1).tolist(), steps=[])
    for _ in range(5):
        grad = [number() for _ in range(6)]
        param.grad = torch.tensor(grad).reshape(2, 3)
        optimizer.step()
        line['steps'].append(dict(grad=grad, param=[float('%.7g' % x) for x in param.detach().reshape(-1).tolist()]))
    json.dump(line, sys.stdout, separators=(',', ':'))
    print()
