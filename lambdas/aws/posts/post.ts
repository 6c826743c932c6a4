/** Where posts go, and how long they may take. */
export interface PosterOptions {
  /** https://host, without a path. */
  origin: string;
  /** Sockets kept open to it. Default: as many as it takes. */
  sockets?: number;
  /** How long an answer may take to begin, and then to end, unless a request says otherwise. */
  deadlineMs: number;
  /** Whether an answer has its headers. Default: true. Without them a post takes less. */
  keepsHeaders?: boolean;
}

/** A POST, signed by whoever makes it. */
export interface PostRequest {
  /** Already percent-encoded. */
  path: string;
  headers: Record<string, string>;
  body: string;
  deadlineMs?: number;
}

export interface PostAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Undefined when the answer broke off after its status. */
  body: string | undefined;
}

export type Poster = (request: PostRequest) => Promise<PostAnswer>;

export type PostFailureCode = 'POST_TIMEOUT' | 'POST_CUT_OFF' | 'POST_BAD_ANSWER' | 'POST_UNFIT';

/** No answer came, for a reason that `code` names. */
export class PostFailure extends Error {
  override readonly name = 'PostFailure';
  readonly code: PostFailureCode;

  constructor(code: PostFailureCode, message: string) {
    super(message);
    this.code = code;
  }
}
