/** The least a worker can do: poll, complete, poll. What it needs, the broker and HTTP need; the rest is ours. */
import { Agent, request } from 'undici';

/** Runs until the process is told to stop. Writes one line per completed job, as the worker does. */
export async function runBareLoop(restAddress: string, type: string, capacity: number): Promise<void> {
  const dispatcher = new Agent({ connections: capacity + 1 });
  const post = async (path: string, body: unknown): Promise<string> => {
    const answer = await request(`${restAddress}${path}`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.body.text();
  };
  let running = 0;
  let wake = (): void => undefined;
  console.log('ready');
  for (;;) {
    if (running >= capacity) await new Promise<void>((resolve) => (wake = resolve));
    const text = await post('/v2/jobs/activation', {
      type,
      worker: 'bare',
      timeout: 60_000,
      maxJobsToActivate: Math.min(32, capacity - running),
      requestTimeout: 5_000,
    });
    const { jobs = [] } = JSON.parse(text) as {
      jobs?: { key?: number | string; jobKey?: number | string }[];
    };
    for (const job of jobs) {
      running += 1;
      void post(`/v2/jobs/${job.jobKey ?? job.key}/completion`, { variables: { answer: 'word' } }).then(
        () => {
          running -= 1;
          console.log('"command":"complete"');
          wake();
        },
      );
    }
  }
}
