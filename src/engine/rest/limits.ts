/** How large things may be, in bytes. */
export interface SizeLimits {
  /** Of the variables of one command. The broker writes them twice, so it is half of what a message may hold. */
  readonly variables: number;
  /** Of a request as a whole. */
  readonly message: number;
  /** Of an upload of a document. A cluster takes 4 MB. */
  readonly document: number;
}

/** As measured on a cluster; documents may be larger here. */
export const defaultLimits: SizeLimits = {
  variables: 2_100_000,
  message: 4 * 1024 * 1024,
  document: 32 * 1024 * 1024,
};
