import { deployedRooms } from './aws/deployed.ts';
import { tokenExpiryHandler } from './edge/token-expiry.ts';

export const handler = tokenExpiryHandler(deployedRooms());
