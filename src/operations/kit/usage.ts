/** Token counts of an answer, whatever the API calls them. */
import type { Usage } from './operation';
import { isObject, member, numberOf, textOf } from './reply';
import { withoutAbsent } from './without-absent';

/**
 * Reads `usage` and `model` of a body. `cached_tokens` is part of the input count and `reasoning_tokens` part of the
 * output count: they are taken out, so that the buckets do not overlap.
 * @returns undefined when the answer tells neither model nor tokens
 */
export function readUsage(body: unknown): Usage | undefined {
  const usage = member(body, 'usage');
  const model = textOf(member(body, 'model'));
  if (!isObject(usage)) return model === undefined || model === '' ? undefined : { model };
  const input = numberOf(usage['prompt_tokens']) ?? numberOf(usage['input_tokens']);
  const output = numberOf(usage['completion_tokens']) ?? numberOf(usage['output_tokens']);
  const cached = numberOf(
    member(usage['prompt_tokens_details'] ?? usage['input_tokens_details'], 'cached_tokens'),
  );
  const reasoning = numberOf(
    member(usage['completion_tokens_details'] ?? usage['output_tokens_details'], 'reasoning_tokens'),
  );
  const found = {
    model,
    inputTokens: input === undefined ? undefined : Math.max(0, input - (cached ?? 0)),
    cachedInputTokens: cached,
    outputTokens: output === undefined ? undefined : Math.max(0, output - (reasoning ?? 0)),
    reasoningTokens: reasoning,
    totalTokens: numberOf(usage['total_tokens']),
    seconds: numberOf(usage['seconds']),
  };
  return withoutAbsent(found);
}
