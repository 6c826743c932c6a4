/** A value of a time series in one period; undefined where there is none. */
export type Value = number | undefined;

/**
 * As much of CloudWatch's metric math as the alarms use: numbers, + - * / >, parentheses, FILL
 * with a number, and IF. What is missing makes the whole missing.
 *
 * @throws Error on anything else
 */
export function evaluateMath(expression: string, values: ReadonlyMap<string, Value>): Value {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(\.\d+)?|[-+*/>(),]/g) ?? [];
  if (tokens.join('') !== expression.replaceAll(/\s/g, '')) throw unexpected(expression);
  let at = 0;
  const next = () => tokens[at++] ?? '';
  const take = (token: string) => {
    if (next() !== token) throw unexpected(tokens.slice(at - 1).join(' '));
  };

  const comparison = (): Value => {
    const left = sum();
    if (tokens[at] !== '>') return left;
    next();
    return both(left, sum(), (a, b) => (a > b ? 1 : 0));
  };
  const sum = (): Value => {
    let left = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const sign = next() === '+' ? 1 : -1;
      left = both(left, product(), (a, b) => a + sign * b);
    }
    return left;
  };
  const product = (): Value => {
    let left = operand();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const times = next() === '*';
      // CloudWatch has no datapoint where something is divided by 0.
      left = both(left, operand(), (a, b) => (times ? a * b : b === 0 ? undefined : a / b));
    }
    return left;
  };
  const operand = (): Value => {
    const token = next();
    if (token === '(') return closed(comparison);
    if (token === 'FILL') return fill();
    if (token === 'IF') return choice();
    if (/^\d/.test(token)) return Number(token);
    if (!values.has(token)) throw unexpected(token);
    return values.get(token);
  };
  const closed = (inner: () => Value): Value => {
    const value = inner();
    take(')');
    return value;
  };
  const fill = (): Value => {
    take('(');
    const value = comparison();
    take(',');
    const otherwise = comparison();
    take(')');
    return value ?? otherwise;
  };
  const choice = (): Value => {
    take('(');
    const condition = comparison();
    take(',');
    const yes = comparison();
    take(',');
    const no = comparison();
    take(')');
    return condition === undefined ? undefined : condition === 0 ? no : yes;
  };

  const result = comparison();
  if (at !== tokens.length) throw unexpected(tokens.slice(at).join(' '));
  return result;
}

function both(left: Value, right: Value, work: (a: number, b: number) => Value): Value {
  return left === undefined || right === undefined ? undefined : work(left, right);
}

const unexpected = (text: string) => new Error(`Metric math of another kind: "${text}".`);
