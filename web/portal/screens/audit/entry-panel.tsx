import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AuditEntry } from '../../../../schemas/access/audit.ts'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { dayAndTime, dayInWords, dayOf, timeWithSeconds, utc } from '../../../shared/format/time.ts'
import { auditEntryQuery, auditHistoryQuery } from '../../audit-queries.ts'
import { Changes } from '../proposals/proposal-view.tsx'
import styles from './audit.module.css'
import { useNames } from './names.ts'
import { SubjectLink } from './subject-link.tsx'
import { actorKindWords, factsOf } from './words.ts'

/** One entry: what was there before and after, everything that it holds, and what else was done to the same thing. */
export function EntryPanel({ position, onClose }: { position: number; onClose: () => void }) {
  const query = useQuery(auditEntryQuery(position))
  return (
    <SidePanel title={`Entry ${position}`} onClose={onClose}>
      <Loaded query={query}>{(entry) => <Entry entry={entry} />}</Loaded>
    </SidePanel>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { at, actor, actorId, actorKind, action, subjectType, subjectId, detail, changes, hash } = entry
  const { facts, rest } = factsOf(detail, changes.length > 0)
  const name = useNames([entry])(entry)
  return (
    <>
      <PanelPart>
        <PanelFacts
          items={[
            ['Did', action],
            [
              'When',
              <time key="at" title={utc(at)}>
                {dayInWords(dayOf(at))}, {timeWithSeconds(at)}
              </time>,
            ],
            ['Who', `${actor}, ${actorKindWords[actorKind]}`],
            ...(actorId === actor ? [] : [['Account or client', actorId] as const]),
            [
              'To',
              <SubjectLink key="to" subject={entry}>
                {subjectType} {name ?? subjectId}
              </SubjectLink>,
            ],
            ...(name === null || name === subjectId ? [] : [['Identifier', subjectId] as const]),
            ...facts,
          ]}
        />
      </PanelPart>
      {changes.length > 0 && (
        <PanelPart title="Before and after">
          <Changes operation={action} changes={changes} />
        </PanelPart>
      )}
      {rest !== null && (
        <PanelPart title="Details">
          <pre className={styles.detail}>{JSON.stringify(rest, null, 1)}</pre>
        </PanelPart>
      )}
      <PanelPart title="Other entries about the same">
        <History entry={entry} />
      </PanelPart>
      <PanelPart title="Hash in the chain">
        <code className={styles.hash}>{hash}</code>
      </PanelPart>
    </>
  )
}

function History({ entry: { position, subjectType, subjectId } }: { entry: AuditEntry }) {
  const query = useQuery(auditHistoryQuery(subjectType, subjectId))
  return (
    <Loaded query={query}>
      {(entries) => {
        const others = entries.filter((other) => other.position !== position)
        if (others.length === 0) return <span>None.</span>
        return (
          <>
            <ul className={styles.history}>
              {others.map((other) => (
                <li key={other.position}>
                  <Link to="/audit" search={{ subject: subjectType, id: subjectId, entry: other.position }}>
                    {dayAndTime(other.at)}
                  </Link>{' '}
                  {other.action}, {other.actor}
                </li>
              ))}
            </ul>
            <Link to="/audit" search={{ subject: subjectType, id: subjectId }}>
              All entries about {subjectType} {subjectId}
            </Link>
          </>
        )
      }}
    </Loaded>
  )
}
