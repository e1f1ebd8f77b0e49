/** The ledger that the configuration asks for. */
import { FileLedger } from './file';
import type { Ledger, LedgerLimits } from './ledger';
import { MemoryLedger } from './memory';
import { RedisLedger } from './redis';

/**
 * @param location `memory`, `file:<folder>` or a Redis URL
 * @throws LedgerError when a folder cannot be opened
 */
export function openLedger(location: string, limits: LedgerLimits, onFault: (error: Error) => void): Ledger {
  if (location === 'memory') return new MemoryLedger(limits, Date.now);
  if (location.startsWith('file:')) return new FileLedger(location.slice('file:'.length), limits, Date.now);
  return new RedisLedger(location, limits, onFault);
}
