/** The tutorials that train, by their names. */
import type { ClusterSetting } from '../../actors/index.ts';
import type { SystemDefinition } from '../../src/index.ts';
import { batchParameterServer } from './batch-parameter-server.ts';
import { distributedOptimizer } from './distributed-optimizer.ts';
import { parameterServer } from './parameter-server.ts';
import { pipeline } from './pipeline.ts';
import { recurrentNetwork } from './recurrent-network.ts';
import { reinforcementLearning } from './reinforcement-learning.ts';

/** A tutorial that trains: worker 0 ends with what it learned. */
export interface Tutorial {
  readonly definition: (setting: ClusterSetting) => SystemDefinition;
  readonly description: string;
}

/** PyTorch's own RPC tutorials. */
export const tutorials: Readonly<Record<string, Tutorial>> = {
  'parameter-server': {
    definition: parameterServer,
    description: 'trains: two trainers step the network that a server holds',
  },
  'recurrent-network': {
    definition: recurrentNetwork,
    description: 'trains: a language model with its LSTM and its tables on two workers',
  },
  'reinforcement-learning': {
    definition: reinforcementLearning,
    description: 'trains: an agent learns from what observers tell it',
  },
  pipeline: {
    definition: pipeline,
    description: 'trains: a network in two shards, fed with parts of a batch',
  },
  'batch-parameter-server': {
    definition: batchParameterServer,
    description: 'trains: a server that answers all trainers of a round at once',
  },
  'distributed-optimizer': {
    definition: distributedOptimizer,
    description: 'trains: parameters on two workers, stepped by a third',
  },
};
