import { stringify } from 'yaml';
import { asyncApiDocument } from '../protocol/asyncapi.ts';
import { openApiDocument } from '../protocol/openapi.ts';

const HEADING = '# Generated from protocol/ by `npm run schema`. Changes by hand are lost.\n';

/** The generated contracts, by their path from the root of the repository. */
export function contractFiles(): Record<string, string> {
  return {
    'openapi.yaml': yaml(openApiDocument()),
    'asyncapi.yaml': yaml(asyncApiDocument()),
  };
}

// Anchors would save lines and cost readability; tools that read contracts don't all know them.
const yaml = (document: unknown) =>
  HEADING +
  stringify(document, { lineWidth: 100, aliasDuplicateObjects: false, blockQuote: 'literal' });
