import { expect } from 'expect';
import { get } from '../../test/e2e/chat-client.ts';
import type { Group } from '../check.ts';

export const DOCS: Group = {
  title: 'the documentation',
  checks: [
    {
      name: 'is served: pages, what they load, and the schemas behind them',
      needs: ['docs'],
      async run(target) {
        for (const [path, type] of [
          ['/api/docs/', 'text/html'],
          ['/api/schema/swagger-ui/', 'text/html'],
          ['/api/schema/redoc/', 'text/html'],
          ['/api/schema/socket/', 'text/html'],
          ['/api/schema/?format=json', 'application/json'],
        ] as const) {
          const answer = await get(target.url, path);
          expect([path, answer.status]).toEqual([path, 200]);
          expect(answer.headers.get('content-type')).toContain(type);
        }
        const page = await (await get(target.url, '/api/docs/')).text();
        const assets = page.match(/(?<=(?:src|href)=")\/api\/[^"]+/g) ?? [];
        expect(assets.length).toBeGreaterThan(1);
        for (const asset of assets) {
          const answer = await get(target.url, asset);
          expect([asset, answer.status]).toEqual([asset, 200]);
          expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
        }
      },
    },
    {
      name: 'describes the API that is there',
      needs: ['docs'],
      async run(target) {
        const schema = await (await get(target.url, '/api/schema/?format=json')).json();
        expect(schema.openapi).toMatch(/^3\.1/);
        for (const path of ['/api/token/', '/chat/history/{room}/']) {
          expect(schema.paths).toHaveProperty([path]);
        }
      },
    },
    {
      name: 'is not there where it was switched off, as no other path that is not there',
      async run(target) {
        const off = target.differences.has('docs') ? ['/api/docs/', '/api/schema/redoc/'] : [];
        for (const path of ['/api/nothing/', ...off]) {
          const missing = await get(target.url, path);
          const code = missing.headers.get('x-error-code');
          expect([path, missing.status, code]).toEqual([path, 404, 'not_found']);
        }
      },
    },
  ],
};
