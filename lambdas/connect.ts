import { deployedEdge, deployedIdentity, deployedRooms } from './aws/deployed.ts';
import { connectHandler } from './edge/socket/connect.ts';

export const handler = connectHandler({
  ...deployedRooms(),
  ...deployedIdentity(),
  ...deployedEdge(),
});
