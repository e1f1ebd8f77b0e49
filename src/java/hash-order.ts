/**
 * The order in which Java's HashMap hands out its keys. The Java runtime collects response headers in one, so FEEL's
 * `get entries` shows it to processes. Keys that share a bucket keep their order.
 */
export function javaHashOrder<T>(entries: readonly (readonly [key: string, value: T])[]): [string, T][] {
  let buckets = 16;
  while (entries.length > buckets * 0.75) buckets *= 2;
  return entries
    .map(([key, value]): { bucket: number; entry: [string, T] } => {
      const hash = javaHash(key);
      return { bucket: (hash ^ (hash >>> 16)) & (buckets - 1), entry: [key, value] };
    })
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ entry }) => entry);
}

function javaHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash;
}
