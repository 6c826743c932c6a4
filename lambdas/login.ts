import { deployedEdge, deployedIdentity, deployedLogin } from './aws/deployed.ts';
import { httpHandler } from './edge/http/handler.ts';
import { loginOperations } from './edge/http/login-operations.ts';

const services = { ...deployedIdentity(), ...deployedLogin(), ...deployedEdge() };

export const handler = httpHandler(services, loginOperations);
