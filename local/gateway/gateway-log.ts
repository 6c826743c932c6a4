/** Where the gateway says what went wrong in a handler. Called once per failure. */
export type GatewayLog = (what: string, error?: unknown) => void;

export const logToStderr: GatewayLog = (what, error) => {
  if (error === undefined) console.error(what);
  else console.error(what, error);
};
