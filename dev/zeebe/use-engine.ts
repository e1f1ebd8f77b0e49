/** Which engine is at hand. */

/** The cluster named by ZEEBE_REST_ADDRESS, if any; then nothing is to be started. */
export function givenRestAddress(): string | undefined {
  const address = process.env['ZEEBE_REST_ADDRESS']?.trim();
  return address ? address.replace(/\/+$/, '') : undefined;
}
