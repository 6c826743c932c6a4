/** Whether an error is the system's of that code, for example ENOENT. */
export const isCode = (error: unknown, code: string) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
