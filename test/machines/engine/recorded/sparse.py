"""Embeddings with and without sparse gradients on PyTorch: `python3 sparse.py > sparse.jsonl`."""
import json
import torch
import torch.nn.functional as F

weights = [[0.5, -1.25], [2.0, 0.75], [2.0, 3.5], [-0.25, 1.5]]


def flat(t):
    return None if t is None else {'layout': 'Sparse' if t.is_sparse else 'Strided', 'data': t.to_dense().flatten().tolist()}


def case(op, index, offsets=None, samples=None, **attributes):
    w = torch.tensor(weights, requires_grad=True)
    i = torch.tensor(index, dtype=torch.long)
    out = {'op': op, 'index': index, 'offsets': offsets, 'samples': samples, 'attributes': attributes}
    p = None if samples is None else torch.tensor(samples, requires_grad=True)
    try:
        if op == 'embedding':
            y = F.embedding(i, w, **attributes)
        else:
            y = F.embedding_bag(i, w, torch.tensor(offsets, dtype=torch.long), per_sample_weights=p, **attributes)
        out['shape'], out['result'] = list(y.shape), y.flatten().tolist()
        root = (y * (torch.arange(y.numel()).reshape(y.shape) + 1)).sum()
        root.backward(retain_graph=True)
        out['first'] = flat(w.grad)
        root.backward()
        out['second'] = flat(w.grad)
        out['samplesGrad'] = None if p is None else p.grad.tolist()
    except Exception as error:
        out['error'] = [type(error).__name__, str(error).split('\n')[0]]
    print(json.dumps(out))


for sparse in [False, True]:
    case('embedding', [2, 0, 2], sparse=sparse)
    case('embedding', [[2, 1], [1, 3]], sparse=sparse)
    case('embedding', [2, 0, 2], sparse=sparse, padding_idx=2)
    case('embedding', [3, 0, 3], sparse=sparse, padding_idx=-1)
    case('embedding', [2, 0, 2], sparse=sparse, scale_grad_by_freq=True)
    for mode in ['sum', 'mean', 'max']:
        case('embedding_bag', [2, 0, 1, 2], [0, 1], sparse=sparse, mode=mode)
        case('embedding_bag', [2, 0, 1, 2, 1], [0, 2, 2], sparse=sparse, mode=mode)
        case('embedding_bag', [2, 0, 1, 2], [0, 1, 4], sparse=sparse, mode=mode, include_last_offset=True)
        case('embedding_bag', [2, 0, 1, 2], [0, 1], sparse=sparse, mode=mode, padding_idx=2)
        case('embedding_bag', [2, 0, 1, 2], [0, 1], sparse=sparse, mode=mode, scale_grad_by_freq=True)
        case('embedding_bag', [2, 0, 2], [0, 1], [1.0, 2.0, 3.0], sparse=sparse, mode=mode)
case('embedding', [4])
case('embedding', [1], padding_idx=7)
case('embedding_bag', [1, 2], [1, 2])
case('embedding_bag', [1, 2], [0, 4])
case('embedding_bag', [1, 2], [0], mode='min')
case('embedding_bag', [1, 2], [0], [1.0], mode='sum')
case('embedding_bag', [], [0, 0])
case('embedding_bag', [1], [], include_last_offset=True)
