/** Where the metrics of lambdas/chat/ports/meter.ts are in CloudWatch. */
export const NAMESPACE = 'Parlor';

/** The value of the dimension `service`, the same for every function. */
export const SERVICE = 'parlor';

/** The metrics' dimensions. A stage is one deployed stack, told apart by its name. */
export const dimensionsOf = (stage: string) => ({ service: SERVICE, stage });
