import type { Construct } from 'constructs';
import { SecurityHeaders } from './security-headers.ts';

/** The headers that every answer of the REST API goes out with. */
export class ApiHeaders extends SecurityHeaders {
  constructor(scope: Construct, id: string) {
    // JSON needs nothing. The docs' pages need more: docs.js, or their function, says so.
    super(scope, id, {
      contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
      override: false,
    });
  }
}
