import { parseIsoDurationMs } from '../../../src/job/iso-duration';

describe('a duration as Java parses it', () => {
  it.each([
    ['PT1M', 60_000],
    ['P1D', 86_400_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['pt0.5s', 500],
    ['PT0S', 0],
    ['PT-5S', -5000],
    ['-PT5S', -5000],
    ['-PT-5S', 5000],
    ['PT-0.5S', -500],
    ['PT1H-30M', 1_800_000],
    ['PT0.0005S', 0],
    ['PT1.S', 1000],
    ['+PT1,25S', 1250],
  ])('%s is %d ms', (text, ms) => {
    expect(parseIsoDurationMs(text)).toBe(ms);
  });

  it.each([
    '',
    ' PT1M',
    'P1M',
    'P1Y',
    'P1W',
    'P1D1S',
    '30s',
    'P',
    'PT',
    'P1DT',
    'PT1.5M',
    'PT1S1M',
    'PT1e3S',
  ])('%j is none', (text) => {
    expect(parseIsoDurationMs(text)).toBeUndefined();
  });

  it('has no number for one that is too long', () => {
    expect(parseIsoDurationMs('PT99999999999999999S')).toBeUndefined();
  });
});
