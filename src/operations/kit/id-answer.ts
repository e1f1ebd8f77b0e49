/** Answers about one object kept at the provider: a file, a batch, a training. */
import type { Reading } from './operation';
import { textOf, type Reply } from './reply';

/** The `id` of the object in the answer, as text. */
export function idAnswer(reply: Reply): Reading {
  const id = textOf(reply.object()['id']);
  return id === undefined ? {} : { text: id };
}
