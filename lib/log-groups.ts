import { type IPropertyInjector, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type LogGroupProps } from 'aws-cdk-lib/aws-logs';
import type { LogDays } from './config/log-days.ts';
import type { EncryptionKey } from './encryption-key.ts';

/**
 * Has every log group of a stack forget after so many days, and go with the stack: also those
 * that CDK makes for functions of its own.
 */
export class LogGroups implements IPropertyInjector {
  readonly constructUniqueId: string = LogGroup.PROPERTY_INJECTION_ID;
  readonly #days: LogDays;
  #key: EncryptionKey | undefined;

  constructor(days: LogDays) {
    this.#days = days;
  }

  /** Groups that are made after this are encrypted by a key. */
  encryptBy(key: EncryptionKey): void {
    this.#key = key;
  }

  inject(props: LogGroupProps): LogGroupProps {
    // RetentionDays are numbers by other names.
    return {
      ...props,
      retention: this.#days,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(this.#key && { encryptionKey: this.#key }),
    };
  }
}
