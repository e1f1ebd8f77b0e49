import { Rejection } from '../../../../src/engine/api';
import { Faults, orderFromJson } from '../../../../src/engine/rest/faults';

describe('Faults', () => {
  it('a fault meets one request unless it says more', () => {
    const faults = new Faults();
    faults.order({ path: 'POST /v2/jobs/*/completion', status: 503 });
    expect(faults.take('POST', '/v2/jobs/activation')).toBeUndefined();
    expect(faults.take('POST', '/v2/jobs/1/completion')).toMatchObject({ status: 503 });
    expect(faults.take('POST', '/v2/jobs/1/completion')).toBeUndefined();
  });

  it('the one ordered first is used up first', () => {
    const faults = new Faults();
    faults.order({ path: '/v2/*', times: 2, status: 429 });
    faults.order({ path: '* /v2/*', times: -1, status: 504 });
    const statuses = Array.from({ length: 5 }, () => faults.take('GET', '/v2/topology')?.status);
    expect(statuses).toEqual([429, 429, 504, 504, 504]);
    expect(faults.list()).toEqual([{ path: '* /v2/*', times: -1, status: 504 }]);
  });

  it('clearing takes back faults and switches', () => {
    const faults = new Faults();
    orderFromJson(faults, '{"path":"*","times":-1}');
    orderFromJson(faults, '{"switches":{"deadPolls":true,"limits":{"variables":10}}}');
    expect(faults.switches).toMatchObject({ deadPolls: true, limits: { variables: 10, message: 4194304 } });
    faults.clear();
    expect(faults.take('GET', '/')).toBeUndefined();
    expect(faults.switches).toMatchObject({ deadPolls: false, limits: { variables: 2_100_000 } });
  });

  it('switches that are not named stay', () => {
    const faults = new Faults();
    orderFromJson(faults, '{"switches":{"unhealthyTopology":true}}');
    orderFromJson(faults, '{"switches":{"deadPolls":true}}');
    expect(faults.switches).toMatchObject({ deadPolls: true, unhealthyTopology: true });
  });

  it.each([
    ['{', 'must be JSON'],
    ['[]', 'needs a path'],
    ['"x"', 'must be a JSON object'],
    ['{}', 'needs a path'],
    ['{"path":"*","staus":500}', "'staus' is not known"],
    ['{"path":"*","times":"2"}', 'times must be of type number'],
    ['{"path":"*","cut":"now"}', 'cut must be'],
    ['{"path":"*","status":99}', 'status must be'],
    ['{"switches":{"dead":true}}', "'dead' is not known"],
    ['{"switches":{"limits":{"body":1}}}', "'body' is not known"],
    ['{"switches":{"deadPolls":1}}', 'deadPolls must be of type boolean'],
  ])('%s is refused: %s', (order, reason) => {
    const faults = new Faults();
    expect(() => orderFromJson(faults, order)).toThrow(Rejection);
    expect(() => orderFromJson(faults, order)).toThrow(reason);
    expect(faults.list()).toEqual([]);
  });
});
