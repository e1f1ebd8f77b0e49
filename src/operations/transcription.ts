import { any, choice, list, longText, number, text } from '../fields/fields';
import { loadFile } from './kit/attachments';
import { filePart, formCall } from './kit/form';
import { extraBody } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation, type Reading } from './kit/operation';
import { member, textOf, type Reply } from './kit/reply';
import { sampleDocument } from './kit/samples';
import { readUsage } from './kit/usage';

const audioModels = [
  'gpt-4o-mini-transcribe',
  'gpt-4o-transcribe',
  'gpt-4o-transcribe-diarize',
  'whisper-1',
] as const;

const audioFile = any('document reference', {
  label: 'Audio file',
  group: 'request',
  required: true,
  placeholder: '=recording',
  tooltip: 'A document reference: flac, mp3, mp4, mpeg, mpga, m4a, ogg, wav or webm, up to 25 MB.',
});

const hint = longText({
  label: 'Hint',
  group: 'tuning',
  tooltip: 'Names and words that occur, in the language of the recording.',
});

const temperature = number(
  { min: 0, max: 1 },
  { label: 'Temperature', group: 'tuning', tooltip: '0 to 1; 0 guesses least.' },
);

export const transcription = defineOperation({
  id: 'transcription',
  label: 'Transcription',
  summary: 'Writes down what is said in a recording.',
  keywords: [
    'transcription',
    'speech to text',
    'whisper',
    'audio',
    'dictation',
    'subtitles',
    'call recording',
  ],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/audio/createTranscription',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/whisper-quickstart',
  },
  sources: ['ByteChef', 'Microsoft'],
  input: {
    model: modelField(audioModels),
    file: audioFile,
    language: text({
      label: 'Language spoken',
      group: 'request',
      placeholder: 'en',
      tooltip: 'Two letters (ISO 639-1). Empty: recognised.',
    }),
    hint,
    outputFormat: choice(
      {
        json: 'Text (json)',
        text: 'Plain text',
        srt: 'Subtitles SRT',
        vtt: 'Subtitles WebVTT',
        verbose_json: 'With times (verbose_json)',
        diarized_json: 'With speakers (diarized_json)',
      },
      {
        label: 'Format of the transcript',
        group: 'format',
        tooltip:
          'Subtitles and times: whisper-1 only; speakers: gpt-4o-transcribe-diarize only. The transcript is in <code>response.text</code>, times and speakers in <code>response.body.segments</code>.',
      },
    ),
    timestampGranularities: list({
      label: 'Times of',
      group: 'format',
      tooltip: '<code>=["word", "segment"]</code>; with the format "with times".',
    }),
    chunkingStrategy: any('auto, or a context', {
      label: 'Chunking',
      group: 'tuning',
      tooltip: '<code>auto</code> cuts long recordings at pauses; needed for speakers beyond 30 seconds.',
    }),
    temperature,
    extraBody,
  },
  resultExpression: '={transcript: response.text}',
  examples: {
    minimal: { model: 'whisper-1', file: sampleDocument('call.mp3') },
    typical: {
      model: 'whisper-1',
      file: sampleDocument('call.mp3'),
      language: 'en',
      outputFormat: 'text',
    },
    all: [
      {
        model: 'whisper-1',
        file: sampleDocument('call.mp3'),
        language: 'en',
        hint: 'Zeebe',
        outputFormat: 'verbose_json',
        timestampGranularities: ['word', 'segment'],
        temperature: 0,
        extraBody: { temperature: 0.1 },
      },
      { model: 'gpt-4o-transcribe-diarize', file: sampleDocument('call.mp3'), chunkingStrategy: 'auto' },
    ],
  },
  async toCall(input, tools) {
    const file = await loadFile(input.file, 'Field "Audio file" (input.file)', tools.documents);
    return formCall(
      '/audio/transcriptions',
      [filePart('file', file)],
      {
        model: bodyModel(input.model, tools.target),
        language: input.language,
        prompt: input.hint,
        response_format: input.outputFormat,
        'timestamp_granularities[]': input.timestampGranularities,
        chunking_strategy: input.chunkingStrategy,
        temperature: input.temperature,
      },
      input.extraBody,
    );
  },
  read: readTranscript,
});

export const translation = defineOperation({
  id: 'translation',
  label: 'Translation of speech',
  summary: 'Writes down in English what is said in another language.',
  keywords: ['translation', 'translate audio', 'speech to text', 'whisper', 'english'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/audio/createTranslation',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/whisper-quickstart',
  },
  sources: ['OpenAI API'],
  input: {
    model: modelField(['whisper-1']),
    file: audioFile,
    hint,
    outputFormat: choice(
      {
        json: 'Text (json)',
        text: 'Plain text',
        srt: 'Subtitles SRT',
        vtt: 'Subtitles WebVTT',
        verbose_json: 'With times (verbose_json)',
      },
      {
        label: 'Format of the translation',
        group: 'format',
      },
    ),
    temperature,
    extraBody,
  },
  resultExpression: '={transcript: response.text}',
  examples: {
    minimal: { model: 'whisper-1', file: sampleDocument('call.mp3') },
    typical: { model: 'whisper-1', file: sampleDocument('call.mp3'), outputFormat: 'text' },
    all: [
      {
        model: 'whisper-1',
        file: sampleDocument('call.mp3'),
        hint: 'Zeebe',
        outputFormat: 'json',
        temperature: 0,
        extraBody: { temperature: 0.1 },
      },
    ],
  },
  async toCall(input, tools) {
    const file = await loadFile(input.file, 'Field "Audio file" (input.file)', tools.documents);
    return formCall(
      '/audio/translations',
      [filePart('file', file)],
      {
        model: bodyModel(input.model, tools.target),
        prompt: input.hint,
        response_format: input.outputFormat,
        temperature: input.temperature,
      },
      input.extraBody,
    );
  },
  read: readTranscript,
});

/** Text and subtitles come as plain text, the other formats as JSON with a member `text`. */
function readTranscript(reply: Reply): Reading {
  if (reply.contentType !== 'application/json') return { text: reply.text().replace(/\n$/, '') };
  const body = reply.json();
  const text = textOf(member(body, 'text'));
  const usage = readUsage(body);
  return { ...(text === undefined ? {} : { text }), ...(usage === undefined ? {} : { usage }) };
}
