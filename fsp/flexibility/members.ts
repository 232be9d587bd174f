import { partyOperations } from '../../schemas/market/parties.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { authorisedMembers } from './authorities.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import { membershipChanges } from './member-rules.ts'
import { registerMember } from './register-member.ts'
import type { Site } from './sites.ts'

type Context = Pick<MarketContext, 'clock' | 'log'>

/**
 * Keeps the DERs of our units over many connections at the DNO as our registers have them: a home that came later joins its unit and one
 * that left leaves it, both from tomorrow, because the DNO settles a day with the DERs that it began with. A newcomer waits for the
 * authority over its meter point; the others do not wait for it.
 */
export class Members {
  readonly #context: Context
  readonly #dno: DnoApi
  /** What each unit's members were when nothing was left to do. */
  readonly #aligned = new Map<string, string>()

  constructor(context: Context, dno: DnoApi) {
    this.#context = context
    this.#dno = dno
  }

  /** Takes the next steps for a registered unit. The DNO is asked only if its members changed, or if something is still owed. */
  async align(site: Site, fuId: string): Promise<void> {
    if (!site.members) return
    const key = JSON.stringify(site.members.map(({ mpan }) => mpan).sort())
    if (this.#aligned.get(site.depotId) === key) return
    if (await this.#take({ ...site, members: site.members }, fuId)) this.#aligned.set(site.depotId, key)
  }

  /** Whether nothing is left to do. */
  async #take(site: Site & Required<Pick<Site, 'members'>>, fuId: string): Promise<boolean> {
    const tomorrow = tradingDayOf(this.#context.clock.now()).plusDays(1).toString()
    const listed = await this.#dno.all(partyOperations.listMembers, { params: { id: fuId } })
    if (!listed.ok) return this.#complain(site, reasonOf(listed.failure))
    const { joining, leaving } = membershipChanges(site.members, listed.value, tomorrow)
    const { approved, isDecided } = await authorisedMembers(this.#context, this.#dno, { ...site, members: joining })
    let isDone = isDecided
    for (const member of approved) {
      const made = await registerMember(this.#dno, site, member)
      isDone =
        (made.ok
          ? await this.#move(site, made.value.derId, fuId, tomorrow)
          : this.#complain(site, reasonOf(made.failure))) && isDone
    }
    for (const derId of leaving) isDone = (await this.#move(site, derId, null, tomorrow)) && isDone
    return isDone
  }

  async #move(site: Site, derId: string, fuId: string | null, from: string): Promise<boolean> {
    const moved = await this.#dno.call(partyOperations.moveDer, { params: { id: derId }, body: { fuId, from } })
    if (!moved.ok) return this.#complain(site, reasonOf(moved.failure))
    const { depotId } = site
    this.#context.log.info({ depotId, derId, from }, fuId ? 'a home joins its unit' : 'a home leaves its unit')
    return true
  }

  #complain({ depotId }: Site, reason: string): false {
    this.#context.log.warn({ depotId, reason }, 'the homes of a unit could not be brought up to date with the DNO')
    return false
  }
}
