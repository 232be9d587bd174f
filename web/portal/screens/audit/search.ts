import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import type { AuditFilter } from '../../../../schemas/access/audit.ts'
import { addDays, instantOfLocal } from '../../../shared/format/time.ts'

/** What is searched for, as the address says it. */
export interface AuditSearch {
  /** A person by name or user name, a client, or the name of the server's own work. */
  who?: string | undefined
  /** The beginning of an action. */
  action?: string | undefined
  /** The kind of thing, and the thing. */
  subject?: string | undefined
  id?: string | undefined
  /** Local days, both included. */
  from?: string | undefined
  to?: string | undefined
}

/** The first words of actions, as people know the thing that is acted on. */
export const actionGroups: Readonly<Record<string, string>> = {
  'account.': 'Accounts and sessions',
  log: 'Log-ins and log-outs',
  'client.': 'API clients and keys',
  'proposal.': 'Proposals and approvals',
  'setting.': 'Settings',
  'profile.': 'Profile applications',
  'connection.': 'Connections',
  'hub.': 'Hubs',
  'network.': 'Network files',
  'fsp.': 'FSPs',
  'fu.': 'FUs',
  'authority.': 'MPAN authorities',
  'tender.': 'Tenders',
  'contract.': 'Contracts',
  'product.': 'Products',
  'timetable.': 'Timetables',
  dispatch: 'Dispatch',
  'limit.': 'Import limits',
  alarm: 'Alarms',
  'meter.': 'Meter data',
  'statement.': 'Statements',
  'dispute.': 'Disputes',
  'audit.': 'Checks of this trail',
}

/**
 * The search as the API takes it. A name that is an account's finds what its person did under any name; everything else is taken as the
 * name that an entry has.
 */
export function filterOf(search: AuditSearch, accounts: readonly PortalAccount[]): AuditFilter {
  const { who, action, subject, id, from, to } = search
  const account = who === undefined ? null : accountOf(who, accounts)
  return {
    ...(account ? { actorId: account.accountId } : who === undefined ? {} : { actor: who }),
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subjectType: subject }),
    ...(id === undefined ? {} : { subjectId: id }),
    ...(from === undefined ? {} : { from: instantOfLocal(`${from}T00:00`) }),
    ...(to === undefined ? {} : { until: instantOfLocal(`${addDays(to, 1)}T00:00`) }),
  }
}

/** The account of a user name or, if no other one has it, a full name. */
function accountOf(who: string, accounts: readonly PortalAccount[]): PortalAccount | null {
  const byUsername = accounts.find(({ username }) => username === who.toLowerCase())
  if (byUsername) return byUsername
  const named = accounts.filter(({ fullName }) => fullName.toLowerCase() === who.toLowerCase())
  return named.length === 1 ? (named[0] ?? null) : null
}

/** What is wrong with the days of a search; `null` if nothing is. */
export function daysFault({ from, to }: AuditSearch): string | null {
  return from !== undefined && to !== undefined && to < from ? 'The last day must not be before the first.' : null
}
