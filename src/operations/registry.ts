/** All operations, in the order of the template's list. CONTRIBUTING says what else a new one needs. */
import { batchCancel, batchCreate, batchGet } from './batches';
import { chatCompletion } from './chat-completion';
import { completion } from './completion';
import { completionsExtension } from './completions-extension';
import { embeddings } from './embeddings';
import { fileContent, fileDelete, fileGet, fileUpload } from './files';
import { fineTuningCancel, fineTuningCreate, fineTuningGet } from './fine-tuning';
import { imageEdit } from './image-edit';
import { imageGeneration } from './image-generation';
import type { Operation } from './kit/operation';
import { listModels } from './list-models';
import { moderation } from './moderation';
import { rawRequest } from './raw-request';
import { response } from './response';
import { speech } from './speech';
import { summarize } from './summarize';
import { transcription, translation } from './transcription';

export const operations: readonly Operation[] = [
  chatCompletion,
  response,
  summarize,
  moderation,
  embeddings,
  imageGeneration,
  imageEdit,
  transcription,
  translation,
  speech,
  completion,
  completionsExtension,
  fileUpload,
  fileGet,
  fileContent,
  fileDelete,
  batchCreate,
  batchGet,
  batchCancel,
  fineTuningCreate,
  fineTuningGet,
  fineTuningCancel,
  listModels,
  rawRequest,
];
