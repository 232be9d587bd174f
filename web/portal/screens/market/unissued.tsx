import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Unissued } from '../../../../schemas/market/timetables.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { count } from '../../../shared/format/power.ts'
import { unissuedQuery } from '../../market-queries.ts'
import { windowInWords } from './words.ts'

/** Says which windows of a tender or a contract no timetable issues; nothing where all are issued. */
export function UnissuedWindows({ of }: { of: Partial<Pick<Unissued, 'tenderId' | 'contractId'>> }) {
  const all = useQuery(unissuedQuery).data ?? []
  const found = all.find((one) =>
    of.contractId ? one.contractId === of.contractId : one.contractId === null && one.tenderId === of.tenderId,
  )
  if (!found) return null
  return (
    <Notice tone="risk" title="Part of the windows is never instructed">
      <p>
        No timetable issues {found.windows.map(windowInWords).join('; ')}. Give the contract, its zone or product{' '}
        {found.product} <Link to="/market/timetables">a timetable</Link> that does.
      </p>
    </Notice>
  )
}

/** How many tenders and contracts have windows that no timetable issues, each with its link. */
export function UnissuedList() {
  const all = useQuery(unissuedQuery).data ?? []
  if (all.length === 0) return null
  const shown = all.slice(0, 5)
  return (
    <Notice
      tone="risk"
      title={`${count(all.length, 'contract or tender', 'contracts or tenders')} with windows that no timetable issues`}
    >
      {shown.map((one) => (
        <p key={one.contractId ?? one.tenderId}>
          <Subject one={one} />, product {one.product}: {one.windows.map(windowInWords).join('; ')}
        </p>
      ))}
      {all.length > shown.length && <p>and {all.length - shown.length} more</p>}
    </Notice>
  )
}

function Subject({ one: { tenderId, contractId, title } }: { one: Unissued }) {
  if (contractId !== null)
    return (
      <Link to="/market/contracts/$contractId" params={{ contractId }}>
        Contract of {title}
      </Link>
    )
  return (
    <Link to="/market/tenders/$tenderId" params={{ tenderId: tenderId ?? '' }}>
      {title}
    </Link>
  )
}
