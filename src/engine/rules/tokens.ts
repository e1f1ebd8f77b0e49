/** Tokens that wait in front of joining gateways. Ids come from models, where a flow may be called `toString`. */
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';

/** How many wait on a flow. */
export function tokensOn({ tokens }: ElementRow, flow: string): number {
  return tokens !== undefined && Object.hasOwn(tokens, flow) ? tokens[flow]! : 0;
}

/** Adds a token to each of the flows of a scope, or takes one. */
export function changeTokens(turn: Turn, scopeKey: string, flows: readonly string[], by: 1 | -1): ElementRow {
  const { tokens = {}, ...scope } = turn.state.elements.get(scopeKey)!;
  const counts = new Map(Object.entries(tokens));
  for (const flow of flows) counts.set(flow, (counts.get(flow) ?? 0) + by);
  const left = [...counts].filter(([, count]) => count > 0);
  return turn.state.elements.put(left.length === 0 ? scope : { ...scope, tokens: Object.fromEntries(left) });
}
