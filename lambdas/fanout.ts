import { deployedRooms } from './aws/deployed.ts';
import { fanOutHandler } from './edge/fanout.ts';

export const handler = fanOutHandler(deployedRooms());
