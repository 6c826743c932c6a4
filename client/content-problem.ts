import { contentProblem as problemOf } from '../protocol/content.ts';
import { ParlorClientError } from './errors.ts';

/**
 * Why the server would not take a content. To find out here is more than a courtesy: JSON blows
 * control characters up so far that their frame would end the connection, again and again.
 */
export function contentProblem(content: string): ParlorClientError | undefined {
  const problem = problemOf(content);
  return problem && new ParlorClientError(problem.code, problem.message);
}
