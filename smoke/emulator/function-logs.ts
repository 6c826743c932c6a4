import { callAws, type Reached } from './call-aws.ts';

/** What a function has logged. */
export interface FunctionLog {
  /** How often it was called. */
  calls: number;
  /** Lines that tell of a failure of ours. */
  failures: string[];
}

interface Page {
  events?: { message: string }[];
  nextToken?: string;
}

/** Reads a function's log group: Lambda's own lines, and the journal's of JSON. */
export async function readFunctionLog(emulator: Reached, group: string): Promise<FunctionLog> {
  const log: FunctionLog = { calls: 0, failures: [] };
  let nextToken: string | undefined;
  do {
    const page: Page = await callAws(emulator, 'logs', 'Logs_20140328.FilterLogEvents', {
      logGroupName: group,
      nextToken,
    });
    for (const { message } of page.events ?? []) {
      if (message.startsWith('START ')) log.calls++;
      if (tellsOfFailure(message)) log.failures.push(message.trim());
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return log;
}

/** A function that threw, ran out of time, or wrote of an error that it did not expect. */
export function tellsOfFailure(message: string): boolean {
  if (message.includes('\tERROR\t') || message.includes('Task timed out')) return true;
  const line = asJson(message);
  return line !== undefined && (line.result === 'failed' || 'error' in line);
}

function asJson(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
