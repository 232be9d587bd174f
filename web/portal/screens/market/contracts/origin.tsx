import { Link } from '@tanstack/react-router'
import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'

/** Where a contract comes from: its tender, or the agreement that two people entered. */
export function Origin({ contract }: { contract: Contract }) {
  const words = `${dayAndTime(contract.awardedAt)} by ${contract.awardedBy}`
  if (contract.tenderId === null) return `${words}, ${contract.reference}`
  return (
    <Link to="/market/tenders/$tenderId" params={{ tenderId: contract.tenderId }}>
      {words}
    </Link>
  )
}
