/**
 * Waits, or less when the signal is aborted meanwhile.
 * @returns false when the signal ended the pause
 */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((done) => {
    const end = (value: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      done(value);
    };
    const onAbort = () => end(false);
    const timer = setTimeout(() => end(true), ms);
    signal.addEventListener('abort', onAbort);
  });
}
