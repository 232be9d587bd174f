import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AuditSubject } from './names.ts'

/** What an entry is about, leading to its screen where it has one. */
export function SubjectLink({ subject, children }: { subject: AuditSubject; children: ReactNode }) {
  const id = subject.subjectId
  switch (subject.subjectType) {
    case 'connection':
      return (
        <Link to="/connections/$connectionId" params={{ connectionId: id }}>
          {children}
        </Link>
      )
    case 'customer':
      return (
        <Link to="/customers/$customerId" params={{ customerId: id }}>
          {children}
        </Link>
      )
    case 'fsp':
      return (
        <Link to="/market/fsps" search={{ fsp: id }}>
          {children}
        </Link>
      )
    case 'fu':
      return (
        <Link to="/market/units" search={{ fu: id }}>
          {children}
        </Link>
      )
    case 'hub':
      return (
        <Link to="/hubs" search={{ hub: id }}>
          {children}
        </Link>
      )
    case 'node':
      return (
        <Link to="/network/$nodeId" params={{ nodeId: id }}>
          {children}
        </Link>
      )
    case 'profile':
      return (
        <Link to="/applications/$profileId" params={{ profileId: id }}>
          {children}
        </Link>
      )
    case 'statement':
      return (
        <Link to="/settlement/$statementId" params={{ statementId: id }}>
          {children}
        </Link>
      )
    case 'tender':
      return (
        <Link to="/market/tenders/$tenderId" params={{ tenderId: id }}>
          {children}
        </Link>
      )
    default:
      return children
  }
}
