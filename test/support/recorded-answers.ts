/** The recorded answers of test/fixtures/answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedAnswer {
  readonly id: string;
  readonly kind: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: Record<string, unknown> };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly stream?: string;
  };
}

export const recordedAnswers = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'answers', 'answers.json'), 'utf8'),
) as readonly RecordedAnswer[];

export function recorded(kind: string): RecordedAnswer {
  const found = recordedAnswers.find((answer) => answer.kind === kind);
  if (found === undefined) throw new Error(`No recorded answer of kind ${kind}`);
  return found;
}
