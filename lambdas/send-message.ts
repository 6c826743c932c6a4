import { deployedRooms } from './aws/deployed.ts';
import { sendActions } from './edge/socket/actions.ts';
import { frameHandler } from './edge/socket/frame-handler.ts';

export const handler = frameHandler(deployedRooms(), sendActions);
