/** Serves the page to this machine, and to nobody else. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { messageOf, SimulationError } from '../../../core/errors.ts';

/** A page that is being served. */
export interface Served {
  readonly close: () => Promise<void>;
  /** Ends with a slash. */
  readonly url: string;
}

/** Only names of this machine: a page elsewhere may have a name that leads here. */
const ownNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost']);

/**
 * Serves one page on loopback.
 *
 * @param port 0 for any that is free.
 * @throws {SimulationError} `cli/cannot-serve`.
 */
export async function servePage(html: string, port: number): Promise<Served> {
  const server = createServer((request, response) => {
    const status = statusOf(request);
    response.writeHead(status, {
      'cache-control': 'no-store',
      'content-type': status === 200 ? 'text/html; charset=utf-8' : 'text/plain',
      'x-content-type-options': 'nosniff',
    });
    response.end(status === 200 && request.method === 'GET' ? html : '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (thrown) => {
      reject(
        new SimulationError(
          'cli/cannot-serve',
          `The page cannot be served on port ${port}: ${messageOf(thrown)}. Give another --port.`,
          { cause: thrown },
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  // cast -- a server that listens on a port has an address of this kind
  const { port: taken } = server.address() as AddressInfo; // oxlint-disable-line typescript/no-unsafe-type-assertion
  return {
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    url: `http://127.0.0.1:${taken}/`,
  };
}

function statusOf({ headers, method, url }: IncomingMessage): number {
  const [name = ''] = (headers.host ?? '').split(':');
  if (!ownNames.has(name)) return 403;
  if (method !== 'GET' && method !== 'HEAD') return 405;
  return url === '/' ? 200 : 404;
}
