import { deployedRooms } from './aws/deployed.ts';
import { disconnectHandler } from './edge/socket/disconnect.ts';

export const handler = disconnectHandler(deployedRooms());
