import { deployedCanary } from './aws/deployed-canary.ts';
import { canaryHandler } from './canary/handler.ts';

export const handler = canaryHandler(deployedCanary());
