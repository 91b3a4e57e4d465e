"""Draws calls of operators with tensors of several types, and records what PyTorch makes of them. Usage: python3 typed.py SEED COUNT > calls.jsonl; `typed.jsonl` holds some of each operator."""
import json, math, random, sys, torch, warnings
warnings.filterwarnings('ignore'); torch.set_num_threads(1)
R=random.Random(int(sys.argv[1])); N=int(sys.argv[2])
D={'bool':torch.bool,'int64':torch.int64,'float32':torch.float32,'float64':torch.float64}
un='sigmoid relu abs neg sign square sqrt exp log sin tanh floor round clone reciprocal sum mean prod amax max min argmax cumsum softmax log_softmax var norm logsumexp flatten t squeeze unsqueeze gelu leaky_relu softplus elu hardtanh clamp sort topk median cummax std'.split()
bi='add sub mul div maximum minimum pow fmod remainder eq lt ge atan2 hypot logaddexp matmul cat stack mse_loss smooth_l1_loss l1_loss outer where masked_fill addn subn muln divn pown matmul dot fmax'.split()
def T(dt=None, sh=None):
    dt=dt or R.choice(['bool','int64','int64','float32','float32','float64']); sh=R.choice([[],[2],[2],[1,2],[2,2]]) if sh is None else sh
    n=math.prod(sh)
    d=[float(R.randint(0,1)) if dt=='bool' else float(R.randint(-3,3)) if dt=='int64' else round(R.uniform(-2,2),3) for _ in range(n)]
    return dict(shape=sh,data=d,dtype=dt,grad=dt.startswith('f') and R.random()<.8)
def mk(a):
    if not isinstance(a,dict): return a
    t=torch.tensor(a['data'],dtype=torch.float64).to(D[a['dtype']]).reshape(a['shape'])
    return t.requires_grad_() if a['grad'] else t
def enc(v): return v if math.isfinite(v) else str(v)
def flat(x): return [enc(v) for v in x.detach().reshape(-1).to(torch.float64).tolist()]
for _ in range(N):
    at={}
    if R.random()<.4:
        op=R.choice(un); args=[T()]; r=len(args[0]['shape'])
        if op in('softmax','log_softmax','cumsum','logsumexp','cummax','unsqueeze'): at['dim']=R.choice([0,-1])
        if op in('sum','amax','max','prod','argmax','median') and R.random()<.5: at['dim']=0
        if op=='clamp': at=R.choice([dict(min=0),dict(max=.5),dict(min=-1,max=1)])
        if op=='topk': at['k']=1
        if op in ('var','std'): at=dict(dim=-1,unbiased=False)
        call=op
    else:
        op=R.choice(bi); args=[T(),T()]; call=op
        if op.endswith('n') and op[:-1] in('add','sub','mul','div','pow'): call=op[:-1]; args[1]=R.choice([2,3,.5,-1,2.5])
        if op=='pow' : args[1]['data']=[abs(x) for x in args[1]['data']]
        if op in('matmul',): args=[T(None,[2,2]),T(None,[2,2])]
        if op=='dot': args=[T(None,[2]),T(None,[2])]
        if op=='where': args=[T('bool')]+args
        if op=='masked_fill': args=[args[0],T('bool')]; at=dict(value=R.choice([0,2]))
        if op=='add' and R.random()<.2: at=dict(alpha=R.choice([2,.5]))
        if op.endswith('loss') and R.random()<.5: at=dict(reduction='sum')
    xs=[mk(a) for a in args]; line=dict(op=call,args=args,attributes=at)
    try:
        r = None
        if call in('var','std'): r=getattr(torch,call)(xs[0],-1,False)
        elif call in ('cat','stack'): r=getattr(torch,call)(xs)
        elif call=='where': r=torch.where(*xs)
        else:
            f=getattr(torch.nn.functional,call,None) or getattr(torch,call)
            if call=='norm': r=xs[0].norm()
            else: r=f(*xs,**at)
        rs=list(r) if isinstance(r,(tuple,list)) else [r]
        line['results']=[dict(shape=list(x.shape),data=flat(x),dtype=str(x.dtype)[6:]) for x in rs]
        roots=[x for x in rs if x.requires_grad]
        if roots:
            loss=sum((x*torch.tensor([1-i/8 for i in range(x.numel())]).reshape(x.shape)).sum() for x in roots); lv=[x for x in xs if isinstance(x,torch.Tensor) and x.requires_grad]
            g=iter(torch.autograd.grad(loss,lv,allow_unused=True,retain_graph=True))
            gs=[next(g) if isinstance(x,torch.Tensor) and x.requires_grad else None for x in xs]
            line['gradients']=[None if x is None else flat(x) for x in gs]; line['gdtypes']=[None if x is None else str(x.dtype)[6:] for x in gs]
    except Exception as e: line=dict(op=call,args=args,attributes=at,error=[type(e).__name__,str(e).split('\n')[0]])
    print(json.dumps(line))
