import * as deployed from './aws/deployed.ts';
import { httpHandler } from './edge/http/handler.ts';
import { answerHead } from './edge/http/head.ts';
import { httpOperations } from './edge/http/operations.ts';

const services = {
  ...deployed.deployedRooms(),
  ...deployed.deployedIdentity(),
  ...deployed.deployedModeration(),
  ...deployed.deployedEdge(),
};

export const handler = httpHandler(services, httpOperations, answerHead);
