/** Text with which templates ask for an empty password. */
const emptyPassword = 'SPEC_PASSWORD_EMPTY_PATTERN';

/** Value of an `Authorization` header; user and password as UTF-8. Pure. */
export function basicCredentials(user: string, password: string | undefined): string {
  const effective = password === undefined || password === emptyPassword ? '' : password;
  return `Basic ${Buffer.from(`${user}:${effective}`, 'utf8').toString('base64')}`;
}
