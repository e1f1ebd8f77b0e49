import { faultFields } from '../../src/logger';

describe('an error in the log', () => {
  it('says what and where, and nothing a library hung on it', () => {
    const cause = Object.assign(new Error('Request failed'), {
      config: { headers: { authorization: 'Bearer secret' } },
    });
    const error = Object.assign(new TypeError('No answer', { cause }), { request: { headers: 'secret' } });
    const fields = faultFields(error);
    expect(fields).toMatchObject({
      name: 'TypeError',
      message: 'No answer',
      stack: expect.stringContaining('logger.test') as string,
      cause: { name: 'Error', message: 'Request failed' },
    });
    expect(JSON.stringify(fields)).not.toContain('secret');
  });

  it('may be no Error', () => {
    expect(faultFields('broken')).toEqual({ message: 'broken' });
  });
});
