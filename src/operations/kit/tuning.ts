/**
 * Model settings that several operations have: same name, label and meaning, so that switching the operation loses
 * nothing.
 */
import { choice, number, object, text, texts } from '../../fields/fields';

export const temperature = number(
  { min: 0, max: 2 },
  {
    label: 'Temperature',
    group: 'tuning',
    tooltip:
      '0 to 2; higher is more varied. Empty: the model decides. Reasoning models refuse any value, so leave it empty for them.',
  },
);

export const topP = number(
  { min: 0, max: 1 },
  {
    label: 'Top P',
    group: 'tuning',
    tooltip:
      '0 to 1: share of the probability mass that is considered. Change this or the temperature, not both.',
  },
);

export const choiceCount = number(
  { min: 1, max: 128, integer: true },
  { label: 'Number of answers', group: 'tuning', tooltip: '1 to 128. Every answer is billed.' },
);

const penaltyRange = { min: -2, max: 2 } as const;

export const frequencyPenalty = number(penaltyRange, {
  label: 'Frequency penalty',
  group: 'tuning',
  tooltip: '-2 to 2; above 0 makes repeating the same words less likely.',
});

export const presencePenalty = number(penaltyRange, {
  label: 'Presence penalty',
  group: 'tuning',
  tooltip: '-2 to 2; above 0 makes new topics more likely.',
});

export const seed = number(
  { integer: true },
  { label: 'Seed', group: 'tuning', tooltip: 'The same seed makes the same answer more likely.' },
);

export const stop = texts(4, {
  label: 'Stop sequences',
  group: 'tuning',
  tooltip: 'The answer ends before this text. Several: a FEEL list of up to four.',
});

export const logitBias = object({
  label: 'Logit bias',
  group: 'tuning',
  tooltip: 'Token ids and their bias from -100 to 100, e.g. <code>={"50256": -100}</code>.',
});

export const user = text({
  label: 'User',
  group: 'tuning',
  tooltip: 'An id of the end user without personal data, for the provider’s abuse monitoring.',
});

/** What chat completions and responses have in common beyond sampling. */
export const verbosity = choice(['low', 'medium', 'high'], {
  label: 'Verbosity',
  group: 'tuning',
  tooltip: 'How long-winded the answer is. Newer models only. Azure: API version v1.',
});

export const serviceTier = choice(['auto', 'default', 'flex', 'priority'], {
  label: 'Service tier',
  group: 'tuning',
  providers: ['openai'],
  tooltip: 'flex is cheaper and slower, priority is faster and costs more.',
});

export const metadata = object({
  label: 'Metadata',
  group: 'tuning',
  tooltip: 'Up to 16 pairs of text that are stored with the conversation.',
});
