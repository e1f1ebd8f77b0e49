/** The ledger that the configuration asks for. */
import { createFileLedger } from './file';
import type { Ledger, LedgerLimits } from './ledger';
import { createMemoryLedger } from './memory';
import { createRedisLedger } from './redis';

/**
 * @param location `memory`, `file:<folder>` or a Redis URL
 * @throws LedgerError when a folder cannot be opened
 */
export function openLedger(location: string, limits: LedgerLimits, onFault: (error: Error) => void): Ledger {
  if (location === 'memory') return createMemoryLedger(limits, Date.now);
  if (location.startsWith('file:')) return createFileLedger(location.slice('file:'.length), limits, Date.now);
  return createRedisLedger(location, limits, onFault);
}
