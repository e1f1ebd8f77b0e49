/** A file that is made from the code and committed; paths are relative to the repository. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  /** Once committed the file never changes; what to do instead, as a sentence. */
  readonly frozen?: string;
}
