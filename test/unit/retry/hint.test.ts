import { hintInWordsMs, isRetryable, retryHintMs } from '../../../src/retry/hint';
import { maxHintMs } from '../../../src/retry/policy';

const now = Date.UTC(2026, 10, 21, 10, 0, 0);

describe('the hint of a server', () => {
  const cases: [title: string, headers: [string, string][], expected: number | undefined][] = [
    ['no header', [], undefined],
    ['retry-after-ms', [['Retry-After-Ms', '350']], 350],
    ['a fraction of a millisecond is rounded up', [['retry-after-ms', '0.2']], 1],
    ['x-ms-retry-after-ms', [['x-ms-retry-after-ms', '1200']], 1200],
    ['seconds', [['Retry-After', '20']], 20_000],
    ['fraction of seconds', [['Retry-After', '0.5']], 500],
    ['a date', [['Retry-After', 'Sat, 21 Nov 2026 10:00:30 GMT']], 30_000],
    ['a date as RFC 850 wrote it', [['Retry-After', 'Saturday, 21-Nov-26 10:00:30 GMT']], 30_000],
    ['a date as C writes it', [['Retry-After', 'Sat Nov 21 10:00:30 2026']], 30_000],
    ['a date in the far future is a day', [['Retry-After', 'Fri, 31 Dec 9999 23:59:59 GMT']], maxHintMs],
    ['a date that is none', [['Retry-After', 'Sat, 99 Foo 2026 10:00:30 GMT']], undefined],
    ['nothing to wait for', [['Retry-After', '0']], 0],
    ['white space around a value', [['Retry-After', ' 7 ']], 7000],
    ['a thousand million seconds is a day', [['Retry-After', '1000000000']], maxHintMs],
    ['a thousand million milliseconds is a day', [['retry-after-ms', '1000000000']], maxHintMs],
    ['digits without end are a day', [['Retry-After', '9'.repeat(400)]], maxHintMs],
    ['an exponent', [['Retry-After', '1e9']], undefined],
    [
      'negative milliseconds leave the word to seconds',
      [
        ['retry-after-ms', '-100'],
        ['x-ms-retry-after-ms', '-1'],
        ['retry-after', '2'],
      ],
      2000,
    ],
    [
      'of two lines the first one counts',
      [
        ['Retry-After', '5'],
        ['Retry-After', '60'],
      ],
      5000,
    ],
    [
      'OpenAI’s milliseconds go before Azure’s',
      [
        ['x-ms-retry-after-ms', '900'],
        ['retry-after-ms', '100'],
      ],
      100,
    ],
    ['a date that has passed', [['Retry-After', 'Sat, 21 Nov 2026 09:00:00 GMT']], 0],
    [
      'ms go before seconds',
      [
        ['retry-after', '9'],
        ['retry-after-ms', '100'],
      ],
      100,
    ],
    [
      'an unreadable ms value leaves the word to seconds',
      [
        ['retry-after-ms', 'soon'],
        ['retry-after', '3'],
      ],
      3000,
    ],
    ['a negative value', [['retry-after', '-5']], undefined],
    ['words', [['retry-after', '3 days']], undefined],
    ['an empty value', [['retry-after', '']], undefined],
    [
      'NaN and Infinity',
      [
        ['retry-after-ms', 'NaN'],
        ['retry-after', 'Infinity'],
      ],
      undefined,
    ],
    ['more than a day is a day', [['retry-after', '99999999999']], maxHintMs],
  ];
  it.each(cases)('%s', (_title, headers, expected) => {
    expect(retryHintMs(429, headers, now)).toBe(expected);
  });

  it('of used-up budgets is the longest reset', () => {
    const headers: [string, string][] = [
      ['x-ratelimit-remaining-requests', '0'],
      ['x-ratelimit-reset-requests', '12ms'],
      ['x-ratelimit-remaining-tokens', '0'],
      ['x-ratelimit-reset-tokens', '6m1.5s'],
    ];
    expect(retryHintMs(429, headers, now)).toBe(361_500);
  });

  it.each([
    ['1h2m3s', 3_723_000],
    ['45', 45_000],
    ['250ms', 250],
    ['1s20ms', 1020],
    ['1d', 86_400_000],
    ['later', undefined],
    ['', undefined],
  ])('reads a reset of "%s"', (text, expected) => {
    const headers: [string, string][] = [
      ['x-ratelimit-remaining-tokens', '0'],
      ['x-ratelimit-reset-tokens', text],
    ];
    expect(retryHintMs(429, headers, now)).toBe(expected);
  });

  it.each([
    ['-1', '0'],
    ['-1', '30'],
    ['0', '0'],
    ['0', '0s'],
    ['', '30'],
    ['none', '30'],
  ])('is none when a budget says remaining "%s", reset "%s"', (remaining, reset) => {
    const headers: [string, string][] = [
      ['x-ratelimit-remaining-tokens', remaining],
      ['x-ratelimit-reset-tokens', reset],
    ];
    expect(retryHintMs(429, headers, now)).toBeUndefined();
  });

  it('is the named wait rather than a budget’s reset', () => {
    const headers: [string, string][] = [
      ['x-ratelimit-remaining-requests', '0'],
      ['x-ratelimit-reset-requests', '6m0s'],
      ['retry-after', '3'],
    ];
    expect(retryHintMs(429, headers, now)).toBe(3000);
  });

  it('is none when budgets are left, or the status is no 429', () => {
    const left: [string, string][] = [
      ['x-ratelimit-remaining-tokens', '5'],
      ['x-ratelimit-reset-tokens', '6m0s'],
    ];
    expect(retryHintMs(429, left, now)).toBeUndefined();
    const used: [string, string][] = [
      ['x-ratelimit-remaining-tokens', '0'],
      ['x-ratelimit-reset-tokens', '6m0s'],
    ];
    expect(retryHintMs(500, used, now)).toBeUndefined();
  });
});

describe('whether a new try may help', () => {
  it.each([
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [409, true],
    [429, true],
    [500, true],
    [501, false],
    [503, true],
    [505, false],
  ])('after status %i: %s', (status, expected) => {
    expect(isRetryable(status, [])).toBe(expected);
  });

  it('is the word of x-should-retry, both ways', () => {
    expect(isRetryable(500, [['X-Should-Retry', 'false']])).toBe(false);
    expect(isRetryable(400, [['x-should-retry', 'true']])).toBe(true);
    expect(isRetryable(429, [['x-should-retry', ' FALSE ']])).toBe(false);
    expect(isRetryable(429, [['x-should-retry', 'perhaps']])).toBe(true);
    expect(isRetryable(400, [['x-should-retry', '']])).toBe(false);
  });
});

describe('a hint in words', () => {
  it.each([
    [
      'Requests have exceeded the token rate limit. Please retry after 12 seconds. Please contact us.',
      12_000,
    ],
    ['Rate limit is exceeded. Try again in 1 second.', 1000],
    ['Rate limit reached. Please try again in 6m0s. Visit the site.', 360_000],
    ['Please try again in 20s.', 20_000],
    ['Please try again in 1.5s.', 1500],
    ['Please try again in 120ms.', 120],
    ['Please retry after 86400 seconds.', 86_400_000],
    ['Please try again in 1h2m3.5s.', 3_723_500],
    ['Please retry after 99999999 seconds.', maxHintMs],
    ['Please retry after -5 seconds.', undefined],
    ['Please retry after 1 fortnight.', undefined],
    ['Please retry after some time.', undefined],
    ['The system is currently experiencing high demand.', undefined],
  ])('%s', (text, expected) => {
    expect(hintInWordsMs(text)).toBe(expected);
  });
});
