import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { runChild } from '../child.ts';
import { interleaved, median, percent } from '../measure.ts';
import type { Finding } from '../report.ts';

const CALLER = fileURLToPath(new URL('caller.ts', import.meta.url));
const REPETITIONS = 7;
const ITEM = {
  ...{ pk: { S: 'ROOM#lobby' }, sk: { S: 'EVENT#1' }, seen: { N: '17' } },
  ...{ content: { S: 'x'.repeat(200) }, author: { M: { id: { S: 'alice' } } } },
};
const ANSWER = JSON.stringify({ Item: ITEM, Attributes: ITEM });

/** What a warm call to DynamoDB takes of CPU by our transport and by the SDK. */
export async function compareCalls(): Promise<Finding> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(ANSWER));
  });
  server.listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const runs = await interleaved(['sdk', 'lean'], REPETITIONS, (variant) =>
      runChild<{ cpuUs: number; wallUs: number }>(CALLER, [variant, url]),
    );
    const of = (variant: 'sdk' | 'lean', key: 'cpuUs' | 'wallUs') =>
      median(runs[variant].map((run) => run[key]));
    const [lean, sdk] = [of('lean', 'cpuUs'), of('sdk', 'cpuUs')];
    return {
      what: 'a warm call to DynamoDB: CPU',
      measured: `${Math.round(lean)} us, ${percent(lean, sdk)}; ${Math.round(of('lean', 'wallUs'))} us in all`,
      baseline: `the SDK ${Math.round(sdk)} us; ${Math.round(of('sdk', 'wallUs'))} us in all`,
      target: 'at most 60 %',
      met: lean <= 0.6 * sdk,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
