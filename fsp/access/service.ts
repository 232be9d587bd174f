import { ProblemError } from '../../platform/http/index.ts'
import type { NewDepotAccount } from '../../schemas/fsp/depot-access.ts'
import type { DepotFeed } from '../../schemas/vocabulary/roles.ts'
import type { FspContext } from '../app/context.ts'
import { actorOf, type Entrance } from '../kit/index.ts'
import { Accounts } from './accounts.ts'
import { DepotAudit } from './audit.ts'
import { FeedKeys } from './keys.ts'
import { LogIns, type NoteFailure } from './log-in.ts'
import { Sessions } from './sessions.ts'

/** What the access of a new FSP begins with. */
export interface FirstAccess {
  environment: 'demo' | 'live'
  /** Password of the first sys-admin, `admin`, of an FSP without accounts. */
  firstPassword?: string | undefined
  /** Demo people, in a demo without accounts. */
  demoAccounts?: readonly NewDepotAccount[] | undefined
  /** Keys for one feed of all depots each. */
  feedKeys?: Partial<Record<DepotFeed, string>> | undefined
}

/** People, sessions, keys and the record: everything that decides who may use the depot API. */
export class DepotAccess {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly keys: FeedKeys
  readonly audit: DepotAudit
  readonly logIns: LogIns

  constructor(context: FspContext, note: NoteFailure) {
    const { db, clock, log } = context
    this.accounts = new Accounts(db)
    this.sessions = new Sessions(db, clock)
    this.keys = new FeedKeys(db, clock)
    this.audit = new DepotAudit(db, clock)
    this.logIns = new LogIns(this.accounts, clock, log, note)
  }

  /** `true` if it made the first accounts. */
  async load(given: FirstAccess): Promise<boolean> {
    const { environment, firstPassword, demoAccounts, feedKeys = {} } = given
    const isFirst = await this.accounts.found({ firstPassword, demo: environment === 'demo' ? demoAccounts : [] })
    await this.keys.provide(feedKeys)
    return isFirst
  }

  /** How callers of the depot API say who they are: a session's token or a program's key, as a bearer token. */
  entrance(): Entrance {
    return {
      problems: ['unauthenticated', 'invalid-token', 'forbidden'],
      identify: async (request) => {
        const header = request.headers.get('authorization')
        if (header === null) return null
        const token = /^Bearer (.{1,300})$/.exec(header)?.[1]
        const caller = token && ((await this.sessions.find(token)) ?? (await this.keys.find(token)))
        if (!caller)
          throw new ProblemError(
            'invalid-token',
            'The token has ended or is none of this FSP’s: log in, or use a valid key.',
            {
              headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
            },
          )
        return caller
      },
      record: (caller, record, tx) => this.audit.add(actorOf(caller), record, tx),
    }
  }
}
