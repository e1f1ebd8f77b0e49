import { choice, longText, number } from '../fields/fields';
import { extensionOf } from './kit/attachments';
import { extraBody, jsonCall } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation } from './kit/operation';
import { invalidAnswer } from './kit/reply';
import { binaryAnswer, resultAs } from './kit/results';

/** Those of the API; an account with a voice of its own names it in the extra body. */
const voices = [
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'fable',
  'onyx',
  'nova',
  'sage',
  'shimmer',
  'verse',
  'marin',
  'cedar',
] as const;

export const speech = defineOperation({
  id: 'speech',
  label: 'Speech',
  summary: 'Reads a text aloud: an audio file.',
  keywords: ['speech', 'text to speech', 'tts', 'voice', 'audio', 'read aloud'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/audio/createSpeech',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/text-to-speech-quickstart',
  },
  sources: ['Microsoft'],
  input: {
    model: modelField(['gpt-4o-mini-tts', 'tts-1', 'tts-1-hd']),
    speechText: longText({
      label: 'Text to read',
      group: 'request',
      required: true,
      placeholder: '=announcement',
      tooltip: 'Up to 4096 characters.',
    }),
    voice: choice(voices, { label: 'Voice', group: 'request', default: 'alloy' }),
    instructions: longText({
      label: 'Manner',
      group: 'tuning',
      tooltip: 'How it is to be said, e.g. "calm and slow". Not for tts-1.',
    }),
    audioFormat: choice(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'], {
      label: 'File format',
      group: 'tuning',
      tooltip: 'Empty: mp3.',
    }),
    speed: number(
      { min: 0.25, max: 4 },
      { label: 'Speed', group: 'tuning', tooltip: '0.25 to 4; 1 is normal.' },
    ),
    resultAs,
    extraBody,
  },
  resultExpression: '={audio: response.documents[1]}',
  examples: {
    minimal: { model: 'tts-1', speechText: 'Hello' },
    typical: {
      model: 'gpt-4o-mini-tts',
      speechText: 'Your parcel has arrived.',
      voice: 'nova',
      audioFormat: 'mp3',
    },
    all: [
      {
        model: 'gpt-4o-mini-tts',
        speechText: 'Hello',
        voice: 'nova',
        instructions: 'Calm',
        audioFormat: 'wav',
        speed: 1.5,
        resultAs: 'document',
        extraBody: { speed: 1 },
      },
    ],
  },
  toCall: (input, tools) =>
    jsonCall(
      '/audio/speech',
      {
        model: bodyModel(input.model, tools.target),
        input: input.speechText,
        voice: input.voice,
        instructions: input.instructions,
        response_format: input.audioFormat,
        speed: input.speed,
      },
      input.extraBody,
    ),
  read(reply, input, tools) {
    if (reply.contentType === 'application/json' || reply.bytes.length === 0) {
      throw invalidAnswer(reply.status, 'The answer holds no audio.');
    }
    const contentType = reply.contentType === '' ? 'audio/mpeg' : reply.contentType;
    const fileName = `speech.${input.audioFormat ?? extensionOf(contentType)}`;
    return binaryAnswer(reply.bytes, fileName, contentType, input.resultAs, tools);
  },
});
