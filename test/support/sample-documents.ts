import type { SampleDocument } from '../../src/operations/kit/samples';

/** Contents of the documents that the operations' examples refer to. */
export const sampleDocuments: Readonly<Record<SampleDocument, Buffer>> = {
  'call.mp3': Buffer.from([0xff, 0xfb, 0x90, 0x00]),
  'word.wav': Buffer.from('RIFF'),
  'fence.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  'mask.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  'policy.pdf': Buffer.from('%PDF'),
  'input.jsonl': Buffer.from('{"custom_id":"1"}\n'),
};
