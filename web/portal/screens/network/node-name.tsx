import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { nodeQuery } from '../../grid-queries.ts'

/** A node by its name, leading to its page; by its identifier until the name is known. */
export function NodeName({ nodeId }: { nodeId: string }) {
  const name = useQuery(nodeQuery(nodeId)).data?.node.name
  return (
    <Link to="/network/$nodeId" params={{ nodeId }}>
      {name ?? nodeId}
    </Link>
  )
}
