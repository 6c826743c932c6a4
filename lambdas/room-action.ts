import { deployedIdentity, deployedRooms } from './aws/deployed.ts';
import { roomActions } from './edge/socket/actions.ts';
import { frameHandler } from './edge/socket/frame-handler.ts';

export const handler = frameHandler({ ...deployedRooms(), ...deployedIdentity() }, roomActions);
