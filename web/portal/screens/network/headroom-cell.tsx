import { useQuery } from '@tanstack/react-query'
import { Mark } from '../../../shared/components/mark.tsx'
import { power } from '../../../shared/format/power.ts'
import { headroomQuery } from '../../grid-queries.ts'
import { leastHeadroomW } from './headroom.ts'

/** The least headroom of a node on a day, in a row of the tree. What is not known says so: it is neither 0 nor left empty. */
export function HeadroomCell({ nodeId, day }: { nodeId: string; day: string }) {
  const { data, isError } = useQuery(headroomQuery(nodeId, day))
  if (isError) return 'failed to load'
  if (!data) return '…'
  const leastW = leastHeadroomW(data)
  if (leastW === null) return <Mark word="Not known" tone="doubt" shape="dashed" />
  if (leastW < 0) return <Mark word={`${power(-leastW)} too much`} tone="fault" shape="triangle" />
  return power(leastW)
}
