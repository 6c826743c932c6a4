import type { TableStatement } from '../../lib/table-access.ts';

/** A call of DynamoDB's, as it comes over the wire. */
export interface TableCall {
  /** `GetItem`, … */
  action: string;
  input: CallInput;
}

interface CallInput {
  Key?: Item;
  Item?: Item;
  RequestItems?: Record<string, { Keys: Item[] }>;
  IndexName?: string;
  ReturnValues?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
  [parameter: string]: unknown;
}

type Item = Record<string, { S?: string }>;

/** Whether one of a role's statements allows a call, as IAM evaluates them. */
export const isAllowed = (statements: readonly TableStatement[], call: TableCall): boolean =>
  statements.some(
    ({ actions, conditions }) =>
      actions.includes(`dynamodb:${call.action}`) && conditionsHold(conditions, contextOf(call)),
  );

/** The condition keys of a call, as DynamoDB's documentation has them. Absent: not in the request. */
type Context = Record<string, string[] | undefined>;

function contextOf({ input }: TableCall): Context {
  const partitions = partitionsOf(input);
  return {
    'dynamodb:LeadingKeys': partitions.length === 0 ? undefined : partitions,
    'dynamodb:Attributes': attributesOf(input),
    'dynamodb:ReturnValues': input.ReturnValues === undefined ? undefined : [input.ReturnValues],
  };
}

/** The partitions that a call is about; none where it names none. */
export function partitionsOf(input: CallInput): string[] {
  const batch = Object.values(input.RequestItems ?? {}).flatMap(({ Keys }) => Keys);
  const [, value] = /\bpk = (:\w+)/.exec(String(input.KeyConditionExpression)) ?? [];
  const named = [
    ...[...batch, input.Key ?? input.Item].map((item) => item?.pk?.S),
    value === undefined ? undefined : input.ExpressionAttributeValues?.[value]?.S,
  ];
  return named.filter((pk) => pk !== undefined);
}

const EXPRESSIONS = /^(Update|Condition|Projection|KeyCondition|Filter)Expression$/;
const WORDS = new Set([
  ...['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'IN', 'BETWEEN', 'size', 'contains'],
  ...['if_not_exists', 'list_append', 'attribute_exists', 'attribute_not_exists', 'begins_with'],
]);

/** The attributes that a call names, each by its first step. */
function attributesOf(input: CallInput): string[] {
  const expressions = Object.entries(input).filter(([name]) => EXPRESSIONS.test(name));
  const named = expressions.flatMap(([, expression]) =>
    [...String(expression).matchAll(/(?<![.:\w])[#A-Za-z]\w*/g)].map(([word]) => word),
  );
  return [
    ...Object.keys(input.Key ?? input.Item ?? {}),
    ...named
      .filter((word) => !WORDS.has(word))
      .map((word) => input.ExpressionAttributeNames?.[word] ?? word),
  ];
}

function conditionsHold(conditions: TableStatement['conditions'], context: Context): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      if (!(key in context)) throw new Error(`No call has the condition key ${key}.`);
      return holds(operator, context[key], [wanted].flat());
    }),
  );
}

function holds(operator: string, actual: string[] | undefined, wanted: string[]): boolean {
  switch (operator) {
    case 'ForAllValues:StringLike':
      return (actual ?? []).every((value) => wanted.some((pattern) => isLike(value, pattern)));
    case 'ForAllValues:StringEquals':
      return (actual ?? []).every((value) => wanted.includes(value));
    case 'StringEqualsIfExists':
      return actual === undefined || actual.every((value) => wanted.includes(value));
    case 'Null':
      return (actual === undefined) === (wanted[0] === 'true');
    default:
      throw new Error(`It is not known here how IAM evaluates ${operator}.`);
  }
}

function isLike(value: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value);
}
