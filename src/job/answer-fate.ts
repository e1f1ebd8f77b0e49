/**
 * What becomes of the answer a job paid for.
 *
 *   needed         a later try reads it again: only what came after it failed, or the job waits
 *   bad            it was read and cannot be used: the next try calls again
 *   spent          it served its command: everything kept of the job goes when the engine has heard that command
 *   bad-and-spent  both: the next try must not read it, whenever it begins
 */
import type { AnswerFate } from './job';
import type { Manner } from './manner';

/**
 * How a job ended, as far as its answer is concerned.
 * - `done`: it is completed, or a BPMN error was thrown
 * - `asked`: the task's own error expression asked for another try or an incident, with the answer in view
 * - `postponed`: it waits because the server said so, at no cost
 * - `failed`: every other failure, a broken error expression as well
 */
export type Ending = 'done' | 'asked' | 'postponed' | 'failed';

/**
 * @param bad    whether the connector read the answer and could not use it
 * @param serves how long an answer of the job's family is kept
 */
export function decideAnswerFate(ending: Ending, bad: boolean, serves: Manner['answerServes']): AnswerFate {
  if (ending === 'done') return 'spent';
  const spent = ending === 'asked' || (ending === 'failed' && serves === 'one-command');
  if (spent) return bad ? 'bad-and-spent' : 'spent';
  return bad ? 'bad' : 'needed';
}
