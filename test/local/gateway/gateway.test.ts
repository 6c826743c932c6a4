import { type GatewayRoutes, openGateway } from '../../../local/gateway/gateway.ts';
import {
  closedAfterEach,
  type OpenGatewayUnderTest,
  onSocket,
} from '../../contracts/gateway/harness.ts';
import { gatewayContract, stageContract } from '../../contracts/gateway.contract.ts';

const open: OpenGatewayUnderTest = async (routes, limits = {}) => {
  const logged: string[] = [];
  const gateway = await openGateway({ limits, log: (what) => logged.push(what) });
  const { connectionsUrl } = gateway;
  const url = await gateway.serve({
    port: 0,
    routes: { socket: {}, http: [], ...routes(connectionsUrl) },
  });
  return { url, connectionsUrl, logged, close: () => gateway.close() };
};

const tinyStage: Partial<GatewayRoutes> = {
  socket: {
    $connect: onSocket(({ queryStringParameters }) => ({
      statusCode: queryStringParameters?.token === 'good' ? 200 : 401,
    })),
    $default: async () => ({ statusCode: 200, body: 'heard' }),
  },
};

gatewayContract(open);

const openAndClose = closedAfterEach(open);
stageContract(async () => {
  const { url } = await openAndClose(() => tinyStage);
  return {
    accepted: `${url}/ws/chat/lobby/?token=good`,
    refused: `${url}/ws/chat/lobby/?token=bad`,
    nowhere: `${url}/ws/chat/a/b/`,
  };
});
