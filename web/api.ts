/** An answer of the server that is not a success, in words for the person who reads it. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Call {
  method?: 'GET' | 'POST';
  body?: Record<string, string>;
  token?: string;
}

/**
 * One call of the REST API; `T` is what protocol/rest-bodies.ts says that it answers.
 *
 * @throws Refused; TypeError when there is no connection
 */
export async function call<T>(
  path: string,
  { method = 'GET', body, token }: Call = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Refused(response.status, sentence(answer));
  return answer as T;
}

/** Errors are `{"detail": "..."}`, or, for forms, `{"field": ["...", ...]}`. */
export function sentence(answer: unknown): string {
  const strings =
    typeof answer === 'object' && answer !== null
      ? 'detail' in answer
        ? [answer.detail]
        : Object.values(answer).flat()
      : [];
  const text = strings.filter((part) => typeof part === 'string').join(' ');
  return text || 'Something went wrong at the server. Try again.';
}
