import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  Code,
  type IFunction,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface ParlorFunctionProps {
  /** Name of the file in lambdas/, without its ending. */
  entry: string;
  /** Where the bundles are, one folder per entry. */
  codeDirectory: string;
  description: string;
  /** MB; the share of a CPU grows with it. Default: 512. */
  memorySize?: number;
  /** Seconds. Default: 29, for API Gateway gives up then. */
  timeoutSeconds?: number;
  /** How many of it run at once at most, kept free of the account's for it. Default: what is left. */
  reservedConcurrency?: number | undefined;
  /** Whether it may go on by calling itself, again and again. */
  callsItself?: boolean;
  /** Whether it is called by an alias, which leads to one of its versions, or to two for a while. */
  aliased: boolean;
}

/** What is the same for all functions of a stack. */
export type BundleProps = Pick<ParlorFunctionProps, 'codeDirectory' | 'aliased'>;

const ALIAS = 'live';

/**
 * One entry of lambdas/ as a function. Its role may write to its own log group and nothing else,
 * until a construct lets it do more.
 */
export class ParlorFunction extends LambdaFunction {
  declare readonly role: Role;
  /** By which it is called, if by any. */
  readonly alias: Alias | undefined;

  constructor(scope: Construct, id: string, props: ParlorFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`);
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(props.codeDirectory, props.entry)),
      handler: 'index.handler',
      memorySize: props.memorySize ?? 512,
      timeout: Duration.seconds(props.timeoutSeconds ?? 29),
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      // Lambda stops what it takes for a loop after 16 rounds, unless that is allowed.
      ...(props.callsItself && { recursiveLoop: RecursiveLoop.ALLOW }),
      logGroup,
      role,
    });
    this.alias = props.aliased
      ? new Alias(this, 'Live', { aliasName: ALIAS, version: this.currentVersion })
      : undefined;
  }

  /** What APIs, schedules and streams call. */
  get called(): IFunction {
    return this.alias ?? this;
  }

  /**
   * A name or ARN of the function, as those call it who may not depend on its alias: with a release by
   * steps an alias depends on alarms, and those on every function.
   */
  qualified(name: string): string {
    return this.alias ? `${name}:${ALIAS}` : name;
  }
}
