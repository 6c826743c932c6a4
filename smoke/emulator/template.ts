/** A CloudFormation template, as far as it is looked at. */
export interface Template {
  Resources: Record<string, { Type: string; [part: string]: unknown }>;
  [part: string]: unknown;
}

/**
 * What MiniStack's CloudFormation does otherwise than AWS documents it, and what is done about it.
 * The template is AWS's; the emulator gets it in its own words.
 */
export const TEMPLATE_DIFFERENCES = [
  'AWS::ApiGatewayV2::RouteResponse is unknown to it: left out. On AWS an answer only reaches the client by one; here every answer does.',
  "Ref of a secret is its name: asked for by Fn::GetAtt Id, which is its ARN, as AWS's Ref is.",
  'AWS::Logs::QueryDefinition is unknown to it: left out. It saves a question for people.',
  'AWS::CodeDeploy is unknown to it: left out, and an alias leads to the new version at once.',
  'IAM there knows no dynamodb:LeadingKeys, and a call has none: the condition that it has one (Null) is left out. So every role may reach every item there; what a function really does is held to its role by the tests.',
  'An alarm on an expression of metrics (Metrics) is not supported by it: left out.',
] as const;

/** The same template, in words that the emulator takes as AWS takes the original's. */
export function inEmulatorsWords({ Resources, ...rest }: Template): Template {
  const entries = Object.entries(Resources);
  const secrets = new Set(
    entries.filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret').map(([id]) => id),
  );
  const left = new Set(entries.filter(([, resource]) => isUnknown(resource)).map(([id]) => id));
  const kept = Object.fromEntries(
    entries.filter(([id]) => !left.has(id)).map(([id, part]) => [id, withoutCodeDeploy(part)]),
  );
  return reworded({ ...rest, Resources: kept }, secrets, left) as Template;
}

/** By an alias's update policy CloudFormation has CodeDeploy change it. */
function withoutCodeDeploy(part: Template['Resources'][string]): Template['Resources'][string] {
  if (part.Type !== 'AWS::Lambda::Alias') return part;
  const { UpdatePolicy: _, ...alias } = part;
  return alias;
}

function isUnknown({ Type, Properties }: Template['Resources'][string]): boolean {
  if (Type.startsWith('AWS::CodeDeploy::')) return true;
  if (['AWS::ApiGatewayV2::RouteResponse', 'AWS::Logs::QueryDefinition'].includes(Type))
    return true;
  return Type === 'AWS::CloudWatch::Alarm' && Object.hasOwn(Object(Properties), 'Metrics');
}

/** IAM's `Null`, with which a call without a key is refused. */
const isNoKey = (value: object): boolean =>
  'dynamodb:LeadingKeys' in value && value['dynamodb:LeadingKeys'] === 'false';

function reworded(
  value: unknown,
  secrets: ReadonlySet<string>,
  left: ReadonlySet<string>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => reworded(item, secrets, left));
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value && secrets.has(String(value.Ref))) return { 'Fn::GetAtt': [value.Ref, 'Id'] };
  if (isNoKey(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'DependsOn' && Array.isArray(inner)
        ? inner.filter((id) => !left.has(id))
        : reworded(inner, secrets, left),
    ]),
  );
}
