import { deployedRooms } from './aws/deployed.ts';
import { auditHandler } from './edge/audit.ts';

export const handler = auditHandler(deployedRooms());
