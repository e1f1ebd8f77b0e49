/** All operations, in the order of the template's list. Adding one: its file and a line here. */
import { chatCompletion } from './chat-completion';
import { completion } from './completion';
import { moderation } from './moderation';
import type { Operation } from './operation';

export const operations: readonly Operation[] = [chatCompletion, moderation, completion];
