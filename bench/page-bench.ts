/** `npm run bench:page`: measures the page in a browser, into `docs/page.md`. */
import { pageSpeed } from './page-speed.ts';
import { pagePart } from './page.ts';
import { formatRows } from './section.ts';

const text = formatRows(['what', 'figure', 'bar'], await pageSpeed());
pagePart('page.md', 'speed').write(text);
process.stdout.write(`${text}\n`);
