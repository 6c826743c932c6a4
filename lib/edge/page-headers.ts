import type { Construct } from 'constructs';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts';
import { SecurityHeaders } from './security-headers.ts';

/** The headers that every file of the page goes out with. */
export class PageHeaders extends SecurityHeaders {
  constructor(scope: Construct, id: string) {
    super(scope, id, { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true });
  }
}
