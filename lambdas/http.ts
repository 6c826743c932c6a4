import { deployedEdge, deployedIdentity, deployedLogin, deployedRooms } from './aws/deployed.ts';
import { httpHandler } from './edge/http/handler.ts';

export const handler = httpHandler({
  ...deployedRooms(),
  ...deployedIdentity(),
  ...deployedLogin(),
  ...deployedEdge(),
});
