import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { SERVICE } from './metric-names.ts';
import { type Line, type LogLevel, severityOf } from './severity.ts';

/**
 * Writes the log as lines of JSON, which escapes line breaks, so that nobody can forge a line.
 *
 * @param level `error` leaves out what went well and what was the client's doing, but not what
 *   went well in spite of a fault
 * @returns what writes a line, and the middleware that knows whose invocation it is
 */
export function powertoolsJournal(level: LogLevel, stage: string, traced: boolean) {
  const logger = new Logger({
    serviceName: SERVICE,
    environment: stage,
    logLevel: level === 'info' ? 'INFO' : 'ERROR',
    logFormatter: new RequestLine({ traced }),
  });
  const journal = (entry: Line) => {
    const say = severityOf(entry);
    logger[say](entry.route, { ...entry });
  };
  // Said here too: an environment variable of Powertools would have the event logged, token and all.
  return { journal, context: injectLambdaContext(logger, { logEvent: false }) };
}

/** Powertools' own line also tells the function's ARN, name and size, which its log group tells. */
class RequestLine extends LogFormatter {
  readonly #traced: boolean;

  constructor({ traced }: { traced: boolean }) {
    super();
    this.#traced = traced;
  }

  override formatAttributes(base: UnformattedAttributes, entry: LogAttributes): LogItem {
    return new LogItem({
      attributes: {
        level: base.logLevel,
        timestamp: this.formatTimestamp(base.timestamp),
        service: base.serviceName,
        stage: base.environment,
        ...entry,
        function_request_id: base.lambdaContext?.awsRequestId,
        ...(base.lambdaContext?.coldStart && { cold_start: true }),
        ...(this.#traced && { xray_trace_id: base.xRayTraceId }),
      },
    });
  }
}
