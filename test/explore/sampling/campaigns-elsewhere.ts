import { campaignLines } from './campaigns.ts';

process.stdout.write(`${campaignLines().join('\n')}\n`);
