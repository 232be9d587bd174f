import type { Membership } from '../../schemas/market/parties.ts'
import type { SiteMember } from './sites.ts'

/**
 * What has to change from a day on, for a unit to have the members that it should have.
 * @param memberships of the unit at the DNO: past, present and future.
 * @param day the first day on which they can change, `YYYY-MM-DD`.
 * @returns the members that are to join, and the DERs that are to leave.
 */
export function membershipChanges(
  members: readonly SiteMember[],
  memberships: readonly Pick<Membership, 'derId' | 'mpan' | 'from' | 'until'>[],
  day: string,
): { joining: SiteMember[]; leaving: string[] } {
  const staying = memberships.filter(({ until }) => until === null || until > day)
  const [present, wanted] = [new Set(staying.map(({ mpan }) => mpan)), new Set(members.map(({ mpan }) => mpan))]
  return {
    joining: members.filter(({ mpan }) => !present.has(mpan)),
    leaving: [...new Set(staying.filter(({ mpan }) => !wanted.has(mpan)).map(({ derId }) => derId))],
  }
}
