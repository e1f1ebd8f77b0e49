/** UUIDs of version 7: milliseconds, then chance. */
import type { Surroundings } from '../run';

/** @see RFC 9562, 5.7 */
export function uuidVersion7({ now, random }: Surroundings): string {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const time = Math.trunc(now()).toString(16).padStart(12, '0');
  const variant = (8 + Math.floor(random() * 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}
