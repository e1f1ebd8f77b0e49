/** docs/compatibility.md, from the recorded cases and the list of deviations that the test suite checks against them. */
import { loadRestVectors } from '../../test/support/rest-vectors';
import { deviations } from './compatibility-data';
import type { GeneratedFile } from '../generated-file';

/** What the cases of a group look at. */
const subjects: Readonly<Record<string, string>> = {
  result: 'result variable and result expression, their failures, the size limit',
  'body-parsing': 'what becomes of the body of a success: JSON, text, numbers, compression',
  status: 'statuses below 400, redirects, response headers',
  'http-error': 'statuses from 400 on, broken connections, time-outs, the repeat inside a call',
  'error-expression': '`bpmnError`, `jobError`, `ignoreError` and what an error expression sees',
  headers: '`retryBackoff` and `jobTimeout`',
  validation: 'coercion and validation of the input, with their messages',
  request: 'URL, query, headers and body on the wire',
  auth: 'basic, bearer, API key, OAuth 2.0',
  secrets: 'placeholders, missing and nested secrets, masking',
  documents: 'documents in requests, responses as documents',
  guards: 'block list',
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function generate(): GeneratedFile[] {
  const vectors = loadRestVectors();
  const deviating = new Set(deviations.flatMap(({ cases = {} }) => Object.keys(cases)));
  const groups = [...new Set(vectors.map(({ group }) => group))].map((group) => {
    const cases = vectors.filter((vector) => vector.group === group);
    const different = cases.filter(({ name }) => deviating.has(name)).length;
    return `| ${group} | ${subjects[group] ?? ''} | ${cases.length} | ${cases.length - different} | ${different} |`;
  });
  const rows = deviations.map(
    ({ feature, official, ours, why }) =>
      `| ${cell(feature)} | ${cell(official)} | ${cell(ours)} | ${cell(why)} |`,
  );
  const text = `# Compatibility with Camunda's REST connector

Generated from \`dev/docs/compatibility-data.ts\` and the recorded cases in \`test/fixtures/rest-connector\`; run \`npm run generate\`.

Jobs of type \`io.camunda:http-json:1\` (Camunda's REST, OpenAI and Azure OpenAI templates and every other template made
of the REST connector) are run as the Java runtime 8.9 runs them: same request, same response object, same error codes,
same retries, same command. Only one kind of worker may serve this type in a cluster.

## Recorded cases

Each case is a job that the Java runtime 8.9.7 ran on a real engine, with the requests it sent and the command it ended
with. The test suite runs all of them here. Not compared are the order of header lines and of members of objects, the
user agent, dumps of data inside messages, and the wording of FEEL's own errors.

| group | looks at | cases | same | deliberately other |
|---|---|---|---|---|
${groups.join('\n')}

## Deliberate deviations

| feature | official | here | why |
|---|---|---|---|
${rows.join('\n')}
`;
  return [{ path: 'docs/compatibility.md', text }];
}
