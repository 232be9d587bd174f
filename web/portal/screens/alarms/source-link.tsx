import { Link } from '@tanstack/react-router'
import type { Alarm } from '../../../../schemas/grid/alarms.ts'

/** Leads to what an alarm is about, where that has a screen. */
export function SourceLink({ alarm: { source } }: { alarm: Alarm }) {
  if (source.type === 'connection')
    return (
      <Link to="/connections/$connectionId" params={{ connectionId: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'hub')
    return (
      <Link to="/hubs" search={{ hub: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'fu')
    return (
      <Link to="/dispatch" search={{ fu: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'fsp')
    return (
      <Link to="/market/fsps" search={{ fsp: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'feed')
    return (
      <Link to="/feeds" search={{ feed: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'experiment')
    return (
      <Link to="/experiments/$experimentId" params={{ experimentId: source.id }}>
        {source.name}
      </Link>
    )
  return <>{source.name}</>
}
