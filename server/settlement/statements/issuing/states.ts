import type { StatementEvent, StatementState } from '../../../../schemas/settlement/statements.ts'

/**
 * Life of a statement: the state after each event, `null` where the event is refused. Only a draft may be prepared again, and an issued
 * statement never changes: later changes make a delta statement.
 *
 *     draft ─check→ checked ─approve→ approved ─issue→ issued
 *       ↑              │                 │
 *       └───────────return──────────────┘
 */
export const statementStates: Record<StatementState, Record<StatementEvent, StatementState | null>> = {
  draft: { check: 'checked', approve: null, issue: null, return: null },
  checked: { check: null, approve: 'approved', issue: null, return: 'draft' },
  approved: { check: null, approve: null, issue: 'issued', return: 'draft' },
  issued: { check: null, approve: null, issue: null, return: null },
}
