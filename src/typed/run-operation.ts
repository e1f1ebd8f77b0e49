/** One job's operation: its call, what the operation reads from the reply, and what the task makes of that. */
import { ConnectorError } from '../errors';
import { objectText, type JsonText } from '../json/text';
import type { Reading, PreparedInput, Tools } from '../operations/kit/operation';
import { reactionTo } from '../operations/kit/options';
import { FailedAnswer, type Reply } from '../operations/kit/reply';
import type { Exchange } from './exchange';
import { Refusal, statusOfError } from './failure';
import { resultText } from './result';

/**
 * Runs an operation.
 * @returns JSON text of the result
 * @throws ConnectorError
 */
export async function runOperation(prepared: PreparedInput, exchange: Exchange): Promise<JsonText> {
  const { tools } = exchange;
  const reply = await exchange.pay(await prepared.toCall(tools));
  if (reply instanceof Refusal) return refused(reply, exchange);
  const reading = await read(reply, prepared, tools, exchange);
  return reading instanceof Refusal ? refused(reading, exchange) : answered(reply, reading, exchange);
}

async function read(
  reply: Reply,
  prepared: PreparedInput,
  tools: Tools,
  exchange: Exchange,
): Promise<Reading | Refusal> {
  try {
    return await prepared.read(reply, tools);
  } catch (error) {
    if (error instanceof FailedAnswer) {
      return exchange.refusal(reply, {
        status: statusOfError(error.error),
        reason: '',
        lines: [],
        error: error.error,
      });
    }
    // A call beside the paid one was refused, e.g. a look at work in the background.
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function answered(reply: Reply, reading: Reading, { options }: Exchange): JsonText {
  const result = resultText(reply, reading);
  const { caveat } = reading;
  if (caveat === undefined) return result;
  const reaction = reactionTo(caveat.cause, options);
  if (reaction === 'complete') return result;
  throw new ConnectorError(caveat.message, {
    code: String(reply.status),
    cause: caveat.cause,
    retry: { kind: 'never' },
    variables: objectText({ response: result }),
    ...(reaction === 'bpmnError' ? { bpmnErrorCode: caveat.cause } : {}),
  });
}

/** A prompt that the filter refused has no answer, but the task says what becomes of it as with a filtered answer. */
function refused(refusal: Refusal, { options }: Exchange): JsonText {
  if (refusal.causeName !== 'CONTENT_FILTERED') throw refusal;
  switch (reactionTo('CONTENT_FILTERED', options)) {
    case 'complete':
      return resultText(refusal.reply, { finishReason: 'content_filter' });
    case 'bpmnError':
      throw refusal.with({ bpmnErrorCode: 'CONTENT_FILTERED' });
    case 'incident':
      throw refusal;
  }
}
